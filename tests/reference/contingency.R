# p-values of tables of counts, by the names that netcore gives their flavours:
# chisq.test() with and without Yates's correction, fisher.test() with its three
# alternatives and of larger tables, prop.trend.test(), and by their formulas the N - 1
# chi-squared, G and mid-p, which base R does not have.
source("lib/reference.R")

tables <- list(
  c("3 1", "1 3"), c("1 9", "11 3"), c("0 5", "5 0"), c("0 12", "3 9"), c("10 10", "10 10"),
  c("7 1", "0 4"), c("15 2", "8 20"), c("40 60", "55 45"), c("2 30", "0 28"), c("1 1", "1 1"),
  c("120 30", "90 61"), c("0 200", "9 195"), c("5 3", "2 8"), c("13 13", "12 14"),
  c("8 2", "1 5"), c("4 16", "11 9"), c("6 9", "9 6"), c("300 700", "360 640"),
  c("3 1 2", "1 4 2"), c("0 3 5", "4 4 1"), c("5 0 2", "1 6 3", "2 2 7"),
  c("12 5 7", "9 7 7"), c("2 3", "1 8", "9 0"), c("3 0 1 4", "1 5 2 0"),
  c("1 2 1 24", "3 3 6 12", "2 4 1 9"), c("1 0 0", "0 1 0", "0 0 1"),
  c("20 11 4", "8 14 13"), c("7 7", "3 11", "5 9", "12 2")
)

read_table <- function(rows) do.call(rbind, lapply(strsplit(rows, " "), as.numeric))

expected <- function(table) outer(rowSums(table), colSums(table)) / sum(table)

likelihood_ratio <- function(table) {
  terms <- table * log(table / expected(table))
  2 * sum(terms[table > 0])
}

linear <- function(table) {
  row <- rep(row(table), table)
  column <- rep(col(table), table)
  (sum(table) - 1) * cor(row, column)^2
}

# Fisher's test counts the table that was seen by half.
mid <- function(table) {
  a <- table[1, 1]
  margin <- colSums(table)
  row <- sum(table[1, ])
  cells <- max(0, row - margin[2]):min(row, margin[1])
  p <- dhyper(cells, margin[1], margin[2], row)
  seen <- p[cells == a]
  c(
    fisher_mid = sum(p[p <= seen * (1 + 1e-7)]) - seen / 2,
    fisher_mid_less = sum(p[cells <= a]) - seen / 2,
    fisher_mid_greater = sum(p[cells >= a]) - seen / 2
  )
}

of_table <- function(table) {
  pearson <- suppressWarnings(chisq.test(table, correct = FALSE))
  df <- pearson$parameter
  tail <- function(statistic, df) unname(pchisq(statistic, df, lower.tail = FALSE))
  values <- c(
    pearson = pearson$p.value,
    likelihood_ratio = tail(likelihood_ratio(table), df)
  )
  if (all(dim(table) == 2)) {
    values <- c(values,
      yates = suppressWarnings(chisq.test(table, correct = TRUE))$p.value,
      n_minus_1 = tail(pearson$statistic * (1 - 1 / sum(table)), 1),
      fisher = fisher.test(table)$p.value,
      fisher_less = fisher.test(table, alternative = "less")$p.value,
      fisher_greater = fisher.test(table, alternative = "greater")$p.value,
      mid(table)
    )
  } else {
    values <- c(values,
      freeman_halton = fisher.test(table)$p.value,
      linear_by_linear = tail(linear(table), 1)
    )
    if (nrow(table) == 2) {
      trend <- suppressWarnings(prop.trend.test(table[1, ], colSums(table)))
      values <- c(values, trend = trend$p.value)
    }
  }
  values
}

rows <- lapply(tables, function(rows) {
  long(paste(rows, collapse = "; "), of_table(read_table(rows)))
})
write_reference(do.call(rbind, rows))
