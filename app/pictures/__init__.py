"""Pictures that malls upload: kept by digest in the sizes in which they are shown, and where each is used."""
