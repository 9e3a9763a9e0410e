print("rnr")
