package import QuantizeKit
package import Rasters

/// All pictures of a comparison on one, small, with their names and palettes.
package struct ContactSheet {
  private struct Cell {
    let picture: Raster
    let palette: [PaletteRecord]
    let lines: [String]
  }

  private let cells: [Cell]

  private static let gap = 12
  private static let stripHeight = 10
  private static let scale = 2
  private static let mostColumns = 4
  private static let paper = RGBColor(red: 250, green: 249, blue: 247)
  private static let ink = RGBColor(red: 30, green: 28, blue: 26)

  /// The sheet of a comparison.
  ///
  /// - Parameters:
  ///   - report: The numbers.
  ///   - pictures: The pictures of the same rows.
  package init(_ report: ComparisonReport, _ pictures: Comparison.Pictures) {
    cells =
      [
        Cell(
          picture: pictures.original.thumbnail, palette: [],
          lines: ["original", NumberText.bytes(report.original.bytes)])
      ]
      + zip(report.rows, pictures.rows).map { row, picture in
        let psnr =
          row.psnr.value.isFinite
          ? NumberText.fixed(row.psnr.value, 2) + " dB" : "no error"
        return Cell(
          picture: picture.thumbnail, palette: row.palette ?? [],
          lines: [row.name, psnr + ", " + NumberText.bytes(row.bytes)])
      }
  }

  /// The sheet as an image.
  ///
  /// - Complexity: O(pixels of the sheet).
  package func raster() -> Raster {
    let columns = min(Self.mostColumns, cells.count)
    let rows = (cells.count + columns - 1) / columns
    let side = ComparisonPicture.thumbnailSide
    let tallest = cells.map(\.picture.size.height).max() ?? side
    let lineHeight = BitmapFont.height * Self.scale + 6
    let cellHeight = tallest + Self.stripHeight + 8 + 2 * lineHeight
    var canvas = Canvas(
      width: Self.gap + columns * (side + Self.gap),
      height: Self.gap + rows * (cellHeight + Self.gap), Self.paper)
    for (number, cell) in cells.enumerated() {
      let x = Self.gap + number % columns * (side + Self.gap)
      let y = Self.gap + number / columns * (cellHeight + Self.gap)
      canvas.draw(cell.picture, x: x, y: y)
      let count = cell.palette.count
      for (place, entry) in cell.palette.enumerated() {
        let color = RGBColor(
          red: UInt8(clamping: entry.rgb[0]),
          green: UInt8(clamping: entry.rgb[1]),
          blue: UInt8(clamping: entry.rgb[2]))
        canvas.fill(
          x + side * place / count..<x + side * (place + 1) / count,
          y + tallest + 4..<y + tallest + 4 + Self.stripHeight, color)
      }
      for (line, text) in cell.lines.enumerated() {
        canvas.write(
          text, x: x,
          y: y + tallest + Self.stripHeight + 10 + line * lineHeight,
          scale: Self.scale, width: side, Self.ink)
      }
    }
    return canvas.raster()
  }
}
