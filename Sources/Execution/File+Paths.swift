import Glibc

extension File {
  /// The path by which a file is reached from a folder; both are given from the current folder.
  public static func path(_ path: String, from folder: String) -> String {
    guard let file = parts(path), let base = parts(folder) else { return path }
    let common = zip(file, base).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: base.count - common)
    return (up + file[common...]).joined(separator: "/")
  }

  /// Whether two paths, both from the current folder, are the same once `.` and `..` are followed.
  public static func isSame(_ path: String, _ other: String) -> Bool {
    path == other || parts(path).map { $0 == parts(other) } ?? false
  }

  /// The names from the root on, without `.` and `..`; nil where the current folder has no path.
  private static func parts(_ path: String) -> [String]? {
    var parts: [String] = []
    if !path.hasPrefix("/") {
      guard let here = getcwd(nil, 0) else { return nil }
      defer { free(here) }
      parts = String(cString: here).split(separator: "/").map(String.init)
    }
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts
  }
}
