# Runs R in one lasting process. OI_VOICE_REQUESTS names a FIFO of requests {"mark", "code"}, one JSON object a line; a
# run's end goes to the terminal as "\036<mark> <word>\036", and before it each page drawn as "\036<mark> picture
# <path>\036". SIGINT ends what runs. This is the user profile of an R that takes itself for interactive, so that
# readline() and its like ask the terminal.
local({
  requests <- fifo(Sys.getenv("OI_VOICE_REQUESTS"), "r", blocking = TRUE)
  terminal <- file("/dev/tty", "w", raw = TRUE)
  pages <- tempfile("pages")
  opened <- 0L
  device <- 0L
  warned <- list()

  # What is drawn on goes to one file a page, each there once the device is closed.
  draw <- function(...) {
    dir.create(pages, showWarnings = FALSE)
    opened <<- opened + 1L
    name <- sprintf("%06d-%%04d.png", opened)
    grDevices::png(file.path(pages, name), width = 800, height = 600, res = 96)
    device <<- grDevices::dev.cur()
  }

  send <- function(mark, word) {
    cat("\036", mark, " ", word, "\036", file = terminal, sep = "")
    flush(terminal)
  }

  show_pages <- function(mark) {
    if (device %in% grDevices::dev.list()) grDevices::dev.off(device)
    device <<- 0L
    for (page in list.files(pages, full.names = TRUE)) send(mark, paste("picture", page))
  }

  # "In f(1) : " or nothing; a call of this file's is none of the person's.
  where <- function(condition, lead) {
    call <- conditionCall(condition)
    if (is.null(call) || identical(call, quote(eval(expression, globalenv())))) return("")
    paste0(lead, deparse(call, nlines = 1L)[1L], " : ")
  }

  complain <- function(condition) {
    lead <- where(condition, "Error in ")
    cat(if (nzchar(lead)) lead else "Error: ", conditionMessage(condition), "\n", sep = "", file = stderr())
    "error"
  }

  keep_warning <- function(condition) {
    if (getOption("warn") != 0) return()
    if (length(warned) < 50L) warned[[length(warned) + 1L]] <<- condition
    invokeRestart("muffleWarning")
  }

  show_warnings <- function() {
    texts <- vapply(warned, function(one) paste0(where(one, "In "), conditionMessage(one)), "")
    warned <<- list()
    if (length(texts) == 1L) writeLines(c("Warning message:", texts), stderr())
    if (length(texts) > 1L) writeLines(c("Warning messages:", paste0(seq_along(texts), ": ", texts)), stderr())
  }

  read <- function(code) {
    unread <- function(condition) stop(conditionMessage(condition), call. = FALSE)
    tryCatch(parse(text = code, srcfile = srcfilecopy("(code)", code)), error = unread)
  }

  evaluate <- function(code) {
    for (expression in read(code)) {
      value <- withVisible(eval(expression, globalenv()))
      if (value$visible) print(value$value)
    }
    "ok"
  }

  run <- function(quoted) {
    interrupted <- function(condition) {
      cat("Interrupted\n", file = stderr())
      "error"
    }
    code <- function() eval(parse(text = quoted, keep.source = FALSE)) # JSON's escapes are R's
    tryCatch(
      allowInterrupts(withCallingHandlers(evaluate(code()), warning = keep_warning)),
      error = complain, interrupt = interrupted
    )
  }

  serve <- function() {
    while (length(line <- readLines(requests, 1L)) > 0L) {
      mark <- sub('^\\{"mark": "([0-9a-f]+)".*', "\\1", line)
      tryCatch(allowInterrupts(Sys.sleep(0)), interrupt = identity) # one that came too late for the last run
      word <- run(sub('^.*?"code": (".*")\\}$', "\\1", line, perl = TRUE))
      show_warnings()
      show_pages(mark)
      send(mark, word)
    }
  }

  Sys.unsetenv(c("R_PROFILE_USER", "OI_VOICE_REQUESTS"))
  if (!l10n_info()[["UTF-8"]]) suppressWarnings(Sys.setlocale("LC_CTYPE", "C.UTF-8"))
  options(device = draw, keep.source = TRUE)
  .First.sys()
  suspendInterrupts(serve())
  quit("no")
})
