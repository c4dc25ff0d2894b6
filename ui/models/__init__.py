"""What pages show, made from what operations return: texts of values and lazily read lists."""
