/// Points that stand in rows and columns, on one page or more: the pixels of
/// images. Neighbours are those above, below and beside a point on its page.
public struct Lattice: Hashable, Sendable {
  /// Points in a row.
  public let width: Int

  /// Rows of a page.
  public let height: Int

  /// The number of pages, one below the other.
  public let pages: Int

  /// A lattice.
  ///
  /// - Precondition: All are 1 or more.
  public init(width: Int, height: Int, pages: Int = 1) {
    precondition(width >= 1 && height >= 1 && pages >= 1)
    self.width = width
    self.height = height
    self.pages = pages
  }

  /// The number of points.
  public var count: Int { width * height * pages }

  /// Calls `body` with each neighbour of a point.
  ///
  /// - Parameters:
  ///   - x: Its column.
  ///   - row: Its row, counted through all pages.
  ///   - body: Is given the numbers of two to four points, fewer at edges.
  @inline(__always)
  func forEachNeighbour(_ x: Int, _ row: Int, _ body: (Int) -> Void) {
    let n = row * width + x
    let y = row % height
    if x > 0 { body(n - 1) }
    if x + 1 < width { body(n + 1) }
    if y > 0 { body(n - width) }
    if y + 1 < height { body(n + width) }
  }
}
