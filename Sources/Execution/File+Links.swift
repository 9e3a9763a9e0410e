import Glibc
import Synchronization

extension File {
  /// Whether links are replaced, and what they lead to stays: where examples run among links to a
  /// user's files.
  public static let replacesLinks = Atomic<Bool>(false)

  /// Where links are replaced, gives a path below the current folder folders of its own.
  ///
  /// Each folder on the way that is a link becomes one of links to what lies there, so that something
  /// new in it does not come into the user's own.
  static func replaceLinkedFolders(of path: String) {
    let names = path.split(separator: "/").filter { $0 != "." }
    guard replacesLinks.load(ordering: .relaxed), !path.hasPrefix("/"), !names.contains("..")
    else { return }
    var folder = "."
    for name in names.dropLast() {
      folder += "/\(name)"
      var information = stat()
      guard lstat(folder, &information) == 0 else { return }
      guard information.st_mode & S_IFMT == S_IFLNK else { continue }
      guard let source = resolved(folder), let inside = try? list(source), unlink(folder) == 0,
        mkdir(folder, 0o755) == 0
      else { return }
      for entry in inside { _ = symlink("\(source)/\(entry)", "\(folder)/\(entry)") }
    }
  }
}
