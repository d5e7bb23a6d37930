"""Forms of the public pages of the law; their answers stand in the address and nowhere else."""
