import Rasters

/// Orders of a palette under which an image of numbers may compress better.
///
/// Each is a list of all entries' numbers. Translucent entries stand first in
/// all of them, so that the alphas of a file stay few; within them and within
/// the opaque ones the order is that of the method.
enum PaletteOrder {
  /// The orders to try, without repetition; the given one first.
  ///
  /// - Complexity: O(pixels + entries² log entries).
  static func candidates(of image: IndexedImage) -> [[Int]] {
    let given = Array(image.palette.indices)
    let adjacency = PixelAdjacency(image)
    let methods = [
      given, byLuminance(image.palette), byNearestColor(image.palette),
      byHeaviestPath(adjacency), byGrowingChain(adjacency),
    ]
    var orders: [[Int]] = []
    for method in methods {
      let isOpaque = { (entry: Int) in
        entry >= image.alphas.count || image.alphas[entry] == 255
      }
      let order =
        method.filter { !isOpaque($0) } + method.filter { isOpaque($0) }
      if !orders.contains(order) { orders.append(order) }
    }
    return orders
  }

  /// From dark to bright, by the weights of ITU-R BT.601.
  static func byLuminance(_ palette: [RGBColor]) -> [Int] {
    let luminances = palette.map {
      299 * Int($0.red) + 587 * Int($0.green) + 114 * Int($0.blue)
    }
    return palette.indices.sorted {
      (luminances[$0], $0) < (luminances[$1], $1)
    }
  }

  /// From the darkest always on to the nearest colour that is left.
  static func byNearestColor(_ palette: [RGBColor]) -> [Int] {
    var left = byLuminance(palette)
    var order = [left.removeFirst()]
    while !left.isEmpty {
      let last = palette[order[order.count - 1]]
      var nearest = 0
      var least = Int.max
      for (place, entry) in left.enumerated() {
        let distance = squaredDistance(last, palette[entry])
        if distance < least { (nearest, least) = (place, distance) }
      }
      order.append(left.remove(at: nearest))
    }
    return order
  }

  private static func squaredDistance(_ a: RGBColor, _ b: RGBColor) -> Int {
    let red = Int(a.red) - Int(b.red)
    let green = Int(a.green) - Int(b.green)
    let blue = Int(a.blue) - Int(b.blue)
    return red * red + green * green + blue * blue
  }

  /// A path through all entries whose neighbours are often neighbours in the
  /// image: pairs are taken from the most frequent on unless one would close a
  /// circle or give an entry a third neighbour (S. Battiato, G. Gallo,
  /// G. Impoco and F. Stanco, "An efficient re-indexing algorithm for
  /// color-mapped images", IEEE Transactions on Image Processing 13(11), 2004).
  static func byHeaviestPath(_ adjacency: PixelAdjacency) -> [Int] {
    let count = adjacency.count
    var edges: [(weight: Int, first: Int, second: Int)] = []
    edges.reserveCapacity(count * (count - 1) / 2)
    for i in 0..<count {
      for j in i + 1..<max(i + 1, count) {
        edges.append((adjacency[i, j], i, j))
      }
    }
    edges.sort {
      $0.weight != $1.weight
        ? $0.weight > $1.weight : ($0.first, $0.second) < ($1.first, $1.second)
    }
    var paths = Array(0..<count)
    var neighbours = [[Int]](repeating: [], count: count)
    for (_, i, j) in edges
    where neighbours[i].count < 2 && neighbours[j].count < 2
      && paths[i] != paths[j]
    {
      neighbours[i].append(j)
      neighbours[j].append(i)
      let (kept, joined) = (paths[i], paths[j])
      for entry in paths.indices where paths[entry] == joined {
        paths[entry] = kept
      }
    }
    var order: [Int] = []
    var next = neighbours.firstIndex { $0.count < 2 }
    while let entry = next {
      next = neighbours[entry].first { $0 != order.last }
      order.append(entry)
    }
    return order
  }

  /// A chain that grows by the entry that is most often beside its members, at
  /// the end that it is nearer to (W. Zeng, J. Li and S. Lei, "An efficient
  /// color re-indexing scheme for palette-based compression", ICIP 2000, with
  /// the weights of A. J. Pinho and A. J. R. Neves, "A note on Zeng's technique
  /// for color reindexing of palette-based images", IEEE Signal Processing
  /// Letters 11(2), 2004).
  static func byGrowingChain(_ adjacency: PixelAdjacency) -> [Int] {
    let count = adjacency.count
    var left = Array(0..<count)
    var beside = left.map { entry in
      left.reduce(0) { $0 + adjacency[entry, $1] }
    }
    var chain: [Int] = []
    while !left.isEmpty {
      var best = 0
      for place in left.indices.dropFirst()
      where beside[left[place]] > beside[left[best]] { best = place }
      let entry = left.remove(at: best)
      // From here on only pairs with members of the chain count.
      if chain.isEmpty { beside = [Int](repeating: 0, count: count) }
      for other in left { beside[other] += adjacency[entry, other] }
      var pull = 0
      for (place, member) in chain.enumerated() {
        pull += (chain.count - 1 - 2 * place) * adjacency[entry, member]
      }
      if pull > 0 {
        chain.insert(entry, at: 0)
      } else {
        chain.append(entry)
      }
    }
    return chain
  }
}
