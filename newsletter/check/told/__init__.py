"""The pages of the codes that are told while files are read and rendered, one file per family. They find nothing themselves."""
