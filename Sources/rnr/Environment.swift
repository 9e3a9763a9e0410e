import Execution
import Glibc

/// The variables of the environment, and the places that follow from them.
enum Environment {
  /// The value of a variable, nil if it is not set.
  static subscript(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// Whether a variable is set to more than nothing.
  static func isSet(_ name: String) -> Bool { self[name]?.isEmpty == false }

  /// The start-up file: `$XDG_CONFIG_HOME/rnr/init.rnr`.
  static var startUpFile: String? {
    folder("XDG_CONFIG_HOME", inHome: ".config").map { $0 + "/rnr/init.rnr" }
  }

  /// The project's history, else the user's; nil if there is no place for it.
  static func historyFile() -> String? { stateFile("history") }

  /// A file that the project keeps, else the user; nil if there is no place for it.
  ///
  /// The project is the nearest folder upwards that holds a folder `.rnr`. The user's files are in
  /// `$XDG_STATE_HOME/rnr`, which is made.
  static func stateFile(_ name: String) -> String? {
    if let project = projectFolder() { return project + "/.rnr/\(name)" }
    guard let state = folder("XDG_STATE_HOME", inHome: ".local/state") else { return nil }
    guard (try? File.makeFolder(state + "/rnr")) != nil else { return nil }
    return state + "/rnr/\(name)"
  }

  /// A folder that the XDG rules name; relative paths do not count.
  private static func folder(_ variable: String, inHome path: String) -> String? {
    if let named = self[variable], named.hasPrefix("/") { return named }
    guard let home = self["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/" + path
  }

  private static func projectFolder() -> String? {
    guard let here = getcwd(nil, 0) else { return nil }
    defer { free(here) }
    var folder = String(cString: here)
    while !File.isFolder(folder + "/.rnr") {
      if folder == "/" { return nil }
      folder = File.folder(of: folder)
    }
    return folder
  }
}
