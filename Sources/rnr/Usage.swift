import CTerminal
import Execution

/// What `--version` and `--help` print.
enum Usage {
  static var version: String {
    "rnr \(Version.current) (\(String(cString: terminal_vector_level())))\n"
  }

  static let help = """
    rnr - what does this recurrent network compute?

    Usage
      rnr [OPTION...]                      the prompt; a script if standard input is no terminal
      rnr [OPTION...] SCRIPT [ARGUMENT...] run a script; - is standard input
      rnr [OPTION...] -e EXPRESSION...     evaluate expressions and print their values
      rnr check FILE... [--json|--strict]  report every mistake without running anything; or as
                                           JSON, one object with file, line, column, endLine,
                                           endColumn, severity, code, message, hint, labels a line
      rnr test FILE... [--update]          run the examples in ## documentation and in the ```rnr
                                           blocks of Markdown; or write what they print into them
      rnr docs                             the reference of the library, as Markdown

    Options
      -e, --eval EXPRESSION   evaluate this; may be repeated
      -i, --interactive       go to the prompt afterwards
          --seed N            seed of all random numbers, 0 to 2^53
          --strict            warnings are errors
          --color WHEN        auto (default), always or never
          --no-init           do not read the start-up file
      -V, --version           print the version and the vector instructions it uses
      -h, --help              print this text

    At the prompt
      ?name  ??name  ?? "words"   help, source text, search in all documentation
      :help                       commands; Ctrl-C stops, Ctrl-D leaves

    Exit codes
      0 done   1 run-time error   2 wrong usage   65 error in the source   130 interrupted

    Environment
      RNR_THREADS   how many threads compute    RNR_STDLIB   folder used as standard library
      RNR_MEMORY    most memory used, such as 8G, 500M or 75%; half of the machine's if unset
      NO_COLOR      no colours
      start-up file $XDG_CONFIG_HOME/rnr/init.rnr; history .rnr/history of the project
      (:history here makes one), else $XDG_STATE_HOME/rnr/history

    """
}
