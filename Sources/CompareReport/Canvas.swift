import Rasters

/// Opaque pixels to draw on.
struct Canvas {
  private let width: Int
  private let height: Int
  private var samples: [UInt8]

  /// A canvas of one colour, at least a pixel in either direction.
  init(width: Int, height: Int, _ color: RGBColor) {
    self.width = max(1, width)
    self.height = max(1, height)
    samples = []
    samples.reserveCapacity(3 * self.width * self.height)
    for _ in 0..<self.width * self.height {
      samples.append(color.red)
      samples.append(color.green)
      samples.append(color.blue)
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ color: SIMD3<UInt8>) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    for d in 0..<3 { samples[3 * (y * width + x) + d] = color[d] }
  }

  /// Fills a rectangle; what is beyond the canvas is left out.
  mutating func fill(
    _ columns: Range<Int>, _ rows: Range<Int>, _ color: RGBColor
  ) {
    let color = SIMD3(color.red, color.green, color.blue)
    for y in rows {
      for x in columns { set(x, y, color) }
    }
  }

  /// Draws an image; transparency shows a chequered ground.
  mutating func draw(_ raster: Raster, x left: Int, y top: Int) {
    let channels = raster.channels.count
    for y in 0..<raster.size.height {
      for x in 0..<raster.size.width {
        let place = (y * raster.size.width + x) * channels
        let alpha = channels == 4 ? Int(raster.samples[place + 3]) : 255
        let ground = (x / 8 + y / 8).isMultiple(of: 2) ? 230 : 200
        var color = SIMD3<UInt8>.zero
        for d in 0..<3 {
          let sample = Int(raster.samples[place + d])
          color[d] = UInt8(
            (sample * alpha + ground * (255 - alpha) + 127) / 255)
        }
        set(left + x, top + y, color)
      }
    }
  }

  /// Writes a line of text; what does not fit ends in a dot.
  mutating func write(
    _ text: String, x: Int, y: Int, scale: Int, width: Int,
    _ color: RGBColor
  ) {
    let advance = (BitmapFont.width + 1) * scale
    let room = max(1, width / advance)
    let shown = text.count > room ? text.prefix(room - 1) + "…" : text[...]
    for (place, character) in shown.enumerated() {
      for (row, bits) in BitmapFont.rows(of: character).enumerated() {
        for column in 0..<BitmapFont.width
        where bits >> (BitmapFont.width - 1 - column) & 1 == 1 {
          let left = x + place * advance + column * scale
          let top = y + row * scale
          fill(left..<left + scale, top..<top + scale, color)
        }
      }
    }
  }

  /// What was drawn.
  func raster() -> Raster {
    guard let size = ImageSize(width: width, height: height) else {
      preconditionFailure("a canvas has pixels")
    }
    return Raster(size: size, channels: .rgb, samples: samples)
  }
}
