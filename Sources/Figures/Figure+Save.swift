import Execution

extension Figure {
  /// Writes the figure to a file: `.svg`, `.png`, `.pdf` by gnuplot, or `.gp`, the gnuplot script.
  ///
  /// The file is written aside and renamed. A note tells what is left out of the drawing.
  ///
  /// - Throws: `GnuplotMissing` if gnuplot is not installed; a `Failure` for another ending, a file
  ///   that cannot be written, or what gnuplot complains of; `Interrupted`.
  public func save(to path: String, console: any Console) throws {
    try save(to: path, console: console, searchPath: nil)
  }

  /// The same with gnuplot looked for in other folders.
  func save(to path: String, console: any Console, searchPath: String?) throws {
    let format = try FileFormat(ending: path)
    if format == .script {
      try File.writeText(script(drawing: path), to: path)
    } else {
      let gnuplot = try Gnuplot(searchPath: searchPath)
      try gnuplot.run(Script.text(of: self, format: format), to: path)
    }
    if let leftOutNote { console.note(leftOutNote) }
  }

  /// The script that draws an SVG file of the same name.
  private func script(drawing path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return Script.text(of: self, format: .script, output: name.dropLast(3) + ".svg")
  }
}
