package import Rasters

/// The grid of cells over an image whose centres superpixels start from.
///
/// A component belongs to its cell for good, wherever its mean goes: the
/// components among which a pixel looks are those of its own cell and of the
/// eight around.
package struct SuperpixelGrid: Sendable {
  /// Cells in a row, and rows of cells.
  package let columns: Int
  package let rows: Int

  /// Where each column of cells begins, and where the last ends.
  package let columnStarts: [Int]

  /// Where each row of cells begins, and where the last ends.
  package let rowStarts: [Int]

  /// The side of a square with as many pixels as a cell has on average.
  package let side: Double

  /// The number of cells.
  package var count: Int { columns * rows }

  /// Lays a grid.
  ///
  /// - Parameters:
  ///   - size: The image.
  ///   - cells: About how many cells, at least 1; there is no more than one a
  ///     pixel.
  package init(_ size: ImageSize, cells: Double) {
    let wanted = min(Double(size.pixelCount), max(1, cells))
    let step = (Double(size.pixelCount) / wanted).squareRoot()
    func starts(_ length: Int) -> [Int] {
      let parts = Int((Double(length) / step).rounded())
      let count = min(length, max(1, parts))
      return (0...count).map { $0 * length / count }
    }
    columnStarts = starts(size.width)
    rowStarts = starts(size.height)
    columns = columnStarts.count - 1
    rows = rowStarts.count - 1
    side = (Double(size.pixelCount) / Double(columns * rows)).squareRoot()
  }

  /// The cells around one and itself, in ascending order; 1 to 9 of them.
  package func neighbourhood(column: Int, row: Int) -> [Int] {
    var cells: [Int] = []
    for y in max(0, row - 1)...min(rows - 1, row + 1) {
      for x in max(0, column - 1)...min(columns - 1, column + 1) {
        cells.append(y * columns + x)
      }
    }
    return cells
  }
}
