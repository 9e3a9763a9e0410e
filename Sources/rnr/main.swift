import Glibc

let hooks = Hooks(
  interpreter: { StandInInterpreter(console: $0, seed: $1) },
  check: { _, console in StandInInterpreter.notAvailable("check", console) },
  test: { _, console in StandInInterpreter.notAvailable("test", console) })

exit(Program(hooks: hooks).run(Array(CommandLine.arguments.dropFirst())))
