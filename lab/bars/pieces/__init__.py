"""Songs and pieces whose bars are known: read, composed, made into others, made by rule."""
