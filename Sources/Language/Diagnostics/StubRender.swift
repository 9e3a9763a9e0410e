extension Diagnostic { public func rendered(colours: Bool, columns: Int = 80) -> String {
  var s = "\(severity): \(message)"
  for l in labels { let p = l.source.position(of: l.span.start); s += "\n  \(l.source.name):\(p.line):\(p.column) `\(l.source.text(l.span))` \(l.text)" }
  if let hint { s += "\nhint: \(hint)" }
  for f in frames { let p = f.source.position(of: f.span.start); s += "\n  in \(f.function) called \(f.source.name):\(p.line)" }
  return s } }
