# What the scripts of the folder above share.  Each is run in that folder, as
#   Rscript --vanilla SCRIPT.R OUTPUT.csv
# and writes one table; its first line names the versions and starts with "#".

# A script whose package is missing ends with this status, and is skipped.
needs <- function(package) {
  if (!requireNamespace(package, quietly = TRUE)) {
    message("no R package ", package)
    quit(status = 77)
  }
}

cell <- function(values) {
  # 17 digits tell every double from its neighbours.
  text <- if (is.numeric(values)) sprintf("%.17g", values) else as.character(values)
  text[is.na(values)] <- ""
  quoted <- grepl("[\",]", text)
  text[quoted] <- paste0("\"", gsub("\"", "\"\"", text[quoted]), "\"")
  text
}

write_reference <- function(table, packages = character()) {
  path <- commandArgs(trailingOnly = TRUE)[1]
  if (is.na(path)) stop("expected the path of the table to write")
  versions <- sprintf("; %s %s", packages, vapply(packages, function(package) {
    as.character(packageVersion(package))
  }, ""))
  columns <- lapply(table, cell)
  lines <- c(
    paste0("# R ", getRversion(), paste(versions, collapse = "")),
    paste(names(table), collapse = ","),
    do.call(paste, c(unname(columns), sep = ","))
  )
  file <- file(path, "wb") # the same bytes on every system
  writeLines(enc2utf8(lines), file, useBytes = TRUE)
  close(file)
}

# One row for each number: what it is of, its name, its value.  Data stand in a row of their own.
long <- function(case, values, ...) {
  data <- list(...)
  data.frame(
    case = case, statistic = c(names(data), names(values)),
    value = c(unlist(data), cell(unname(unlist(values))))
  )
}

series <- function(values) paste(sprintf("%.15g", values), collapse = " ")
