/// Where the nodes of a tree stand: every subtree has a block of its own, and a parent is in the
/// middle above its first and last child.
struct TreeLayout {
  /// What a place shows.
  enum Kind {
    case inner
    case leaf
    /// The number of leaves that are not drawn.
    case cut
  }

  struct Place {
    let label: String
    let branch: String
    let kind: Kind
    let level: Int
    /// Left end and width of the label.
    var left = 0
    let width: Int
    /// Where the branches join.
    var centre = 0
    /// The places below.
    var children: [Int] = []
  }

  /// Sizes of what is drawn, in columns or pixels.
  struct Measure {
    /// The width of a label.
    let label: @Sendable (String) -> Int
    /// The width of what is written on a branch.
    let branch: @Sendable (String) -> Int
    /// Between neighbours.
    let gap: Int
    /// All together.
    let width: Int
    /// The depth drawn if none is asked for.
    let depth: Int
    /// Labels longer than so many characters are cut.
    let characters: Int
  }

  private(set) var places: [Place] = []
  private(set) var width = 0
  let levels: Int
  private let measure: Measure
  /// Of a node with more children the last ones are only counted.
  private let mostChildren: Int

  var isCut: Bool { places.contains { $0.kind == .cut } }

  /// The deepest layout that fits; where not even one branch does, with fewer children.
  static func fitting(_ tree: Tree, _ measure: Measure) -> TreeLayout {
    var depth = min(tree.depth ?? measure.depth, tree.height)
    while depth > 1 {
      let layout = TreeLayout(tree, depth, measure)
      if layout.width <= measure.width { return layout }
      depth -= 1
    }
    var children = tree.nodes[0].children.count
    while true {
      let layout = TreeLayout(tree, depth, measure, mostChildren: children)
      if layout.width <= measure.width || children <= 1 { return layout }
      children -= 1
    }
  }

  private init(_ tree: Tree, _ depth: Int, _ measure: Measure, mostChildren: Int = Int.max) {
    self.measure = measure
    self.mostChildren = mostChildren
    levels = depth
    let root = add(0, of: tree, level: 0)
    let extents = extents()
    width = extents[root]
    arrange(extents)
  }

  /// Adds a node and what is drawn below it; a depth of at most 64 bounds the recursion.
  private mutating func add(_ node: Int, of tree: Tree, level: Int) -> Int {
    let (place, own) = (places.count, tree.nodes[node])
    if own.children.isEmpty {
      return add(own.label, own.branch, .leaf, level)
    }
    guard level < levels else {
      return add("… \(tree.leaves[node])", own.branch, .cut, level)
    }
    _ = add(own.label, own.branch, .inner, level)
    for child in own.children.prefix(mostChildren) {
      let below = add(child, of: tree, level: level + 1)
      places[place].children.append(below)
    }
    let rest = own.children.dropFirst(mostChildren).reduce(0) { $0 + tree.leaves[$1] }
    if rest > 0 {
      let below = add("… \(rest)", "", .cut, level + 1)
      places[place].children.append(below)
    }
    return place
  }

  private mutating func add(
    _ label: String, _ branch: String, _ kind: Kind, _ level: Int
  ) -> Int {
    let (label, branch) = (
      TextWidth.cut(label, to: measure.characters), TextWidth.cut(branch, to: measure.characters)
    )
    places.append(
      Place(label: label, branch: branch, kind: kind, level: level, width: measure.label(label)))
    return places.count - 1
  }

  /// Per place the width of its block; children stand after their parents.
  private func extents() -> [Int] {
    var extents = [Int](repeating: 0, count: places.count)
    for (number, place) in places.enumerated().reversed() {
      let below = span(of: place, extents)
      extents[number] = max(place.width, measure.branch(place.branch), below)
    }
    return extents
  }

  private func span(of place: Place, _ extents: [Int]) -> Int {
    place.children.reduce(0) { $0 + extents[$1] } + max(0, place.children.count - 1) * measure.gap
  }

  private mutating func arrange(_ extents: [Int]) {
    var lefts = [Int](repeating: 0, count: places.count)
    for (number, place) in places.enumerated() {
      var left = lefts[number] + (extents[number] - span(of: place, extents)) / 2
      for child in place.children {
        lefts[child] = left
        left += extents[child] + measure.gap
      }
    }
    for number in places.indices.reversed() {
      let place = places[number]
      let (left, extent) = (lefts[number], extents[number])
      if let first = place.children.first, let last = place.children.last {
        places[number].centre = (places[first].centre + places[last].centre) / 2
      } else {
        places[number].centre = left + extent / 2
      }
      let wanted = places[number].centre - place.width / 2
      places[number].left = min(max(wanted, left), left + extent - place.width)
    }
  }
}
