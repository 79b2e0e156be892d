# Quantiles of the squares 1, 4, 9, ... n^2 by R: quantile() types 1 to 9, and fivenum().
# Writes to the path that is its first argument, or else to the standard output.
path <- commandArgs(trailingOnly = TRUE)
if (length(path)) sink(path[1])
shares <- c(0.1, 0.25, 0.5, 0.75, 0.9)
cat("definition,n,p10,p25,median,p75,p90\n")
line <- function(name, n, values) {
  cat(name, n, ifelse(is.na(values), "", sprintf("%.12g", values)), sep = ",")
  cat("\n")
}
for (n in 1:40) {
  x <- (1:n)^2
  for (type in 1:9) line(paste0("type", type), n, quantile(x, shares, type = type))
  line("tukey", n, c(NA, fivenum(x)[2:4], NA))
}
