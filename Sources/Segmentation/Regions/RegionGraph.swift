package import Regions

/// Which regions of a map lie beside each other, and how.
package struct RegionGraph: Sendable {
  /// The border of a region with another.
  package struct Border: Hashable, Sendable {
    /// The other region.
    package var region: Int32

    /// The number of pairs of pixels that meet there by a side.
    package var length: Int32

    /// The sum of the differences of those pairs, in whatever was given.
    package var contrast: Float
  }

  /// The borders of each region.
  package var borders: [[Border]]

  /// Finds the borders of a map.
  ///
  /// - Parameters:
  ///   - map: Regions, or labels.
  ///   - difference: How much the pixels of two places differ.
  /// - Complexity: O(pixels + length of all borders × most neighbours).
  package init(
    _ map: LabelMap, difference: (_ first: Int, _ second: Int) -> Float
  ) {
    borders = [[Border]](repeating: [], count: map.count)
    map.forEachSide { first, second in
      join(
        map.labels[first], map.labels[second], difference(first, second))
    }
  }

  private mutating func join(_ a: Int32, _ b: Int32, _ contrast: Float) {
    let border = Border(region: b, length: 1, contrast: contrast)
    Self.add(border, to: &borders[Int(a)])
    Self.add(
      Border(region: a, length: 1, contrast: contrast), to: &borders[Int(b)])
  }

  private static func add(_ border: Border, to list: inout [Border]) {
    for i in list.indices where list[i].region == border.region {
      list[i].length += border.length
      list[i].contrast += border.contrast
      return
    }
    list.append(border)
  }

  /// Makes one region of two neighbours.
  ///
  /// - Parameters:
  ///   - lost: The region that has no borders afterwards.
  ///   - kept: The other, which has those of both.
  /// - Complexity: O(neighbours of both × most neighbours).
  package mutating func merge(_ lost: Int, into kept: Int) {
    let taken = borders[lost]
    borders[lost] = []
    borders[kept].removeAll { $0.region == Int32(lost) }
    for border in taken where border.region != Int32(kept) {
      Self.add(border, to: &borders[kept])
      let other = Int(border.region)
      let back = Border(
        region: Int32(kept), length: border.length, contrast: border.contrast)
      if let place = borders[other].firstIndex(where: {
        $0.region == Int32(lost)
      }) {
        borders[other].remove(at: place)
      }
      Self.add(back, to: &borders[other])
    }
  }
}
