"""Named queries: a folder of .sql files with front matter becomes a library of approved, parameterised reads."""
