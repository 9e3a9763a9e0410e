import CTerminal
import Execution
import Glibc
import Language
import Library

/// A session with the whole library; ends the process where the library cannot be read.
func makeSession(_ console: any Console, _ seed: UInt64?) -> Session {
  do {
    let session = Session(
      console: console, library: try LibrarySource.standard(), natives: NativeTable.all)
    session.stateFile = { Environment.stateFile($0) }
    if let seed { session.random = RandomKeys(seed: seed) }
    return session
  } catch {
    console.note("rnr: the library cannot be read: \(error)")
    exit(1)
  }
}

/// Ends the process where an expression of the command line is no UTF-8: what `CommandLine` gives has
/// its bytes replaced.
func checkExpressions() {
  for place in 1..<max(Int(CommandLine.argc), 1) where CommandLine.arguments[place - 1] == "-e" {
    guard let text = CommandLine.unsafeArgv[place] else { continue }
    let bytes = UnsafeBufferPointer(start: text, count: strlen(text)).map(UInt8.init(bitPattern:))
    do {
      _ = try Source.text(bytes, name: "<command line>")
    } catch let mistake as Diagnostic {
      TerminalConsole(colours: .never).note(mistake.rendered(colours: false))
      exit(ExitCode.source)
    } catch {
      continue
    }
  }
}

let hooks = Hooks(
  interpreter: { makeSession($0, $1) },
  check: { files, isJSON, isStrict, console in
    let session = makeSession(console, nil)
    session.isStrict = isStrict
    // Kept to the end of the process: giving large trees back takes as long as reading them.
    _ = Unmanaged.passRetained(session)
    return session.check(files, isJSON: isJSON)
  },
  test: { files, updates, console in
    makeSession(console, nil).test(files, updates: updates, within: ExampleFolder.run)
  },
  reference: { makeSession($0, nil).reference() })

terminal_open_streams()
checkExpressions()
exit(Program(hooks: hooks).run(Array(CommandLine.arguments.dropFirst())))
