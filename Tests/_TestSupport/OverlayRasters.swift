public import Rasters

/// Pictures in which most is translucent and little opaque.
public enum OverlayRasters: String, CaseIterable, Sendable {
  /// Translucent fields of all hues, with a few opaque marks.
  case overlay

  /// A light that fades out, opaque in its middle only.
  case glow

  /// A flat figure over its blurred shadow.
  case shadow

  /// Flat figures with soft edges.
  case icon

  /// A picture of this kind.
  ///
  /// - Parameter seed: The same seed gives the same picture.
  /// - Returns: 48 × 48 pixels with alpha.
  public func raster(seed: UInt64) -> Raster {
    var numbers = Generator(seed: seed &+ 11)
    let side = 48
    guard let size = ImageSize(width: side, height: side) else {
      preconditionFailure("a test asks for an image without pixels")
    }
    let colors = (0..<6).map { _ in RGBColor(packed: numbers.color) }
    let (cx, cy) = (numbers.below(side), numbers.below(side))
    let reach = Double(8 + numbers.below(20))
    var samples: [UInt8] = []
    for y in 0..<side {
      for x in 0..<side {
        let (dx, dy) = (Double(x - cx), Double(y - cy))
        let distance = (dx * dx + dy * dy).squareRoot()
        let (color, alpha): (RGBColor, Double)
        switch self {
        case .overlay:
          let isMark = x % 16 < 2 && y % 16 < 3
          let hue = RGBColor(
            red: UInt8(x * 255 / side), green: UInt8(y * 255 / side),
            blue: UInt8((x ^ y) * 4))
          color = isMark ? colors[(x / 16 + y / 16) % 6] : hue
          alpha = isMark ? 255 : Double(40 + (7 * x + 11 * y) % 170)
        case .glow:
          color = colors[distance < 3 ? 0 : 1]
          alpha = 280 - 280 * distance / reach / 2
        case .shadow:
          let isFigure = abs(dx) < reach / 3 && abs(dy) < reach / 3
          color = isFigure ? colors[(x + y) % 2] : RGBColor(packed: 0)
          alpha = isFigure ? 255 : 200 - 200 * distance / reach
        case .icon:
          color = colors[x * 3 / side + y / 24 * 3]
          alpha = (reach - distance) * 60
        }
        samples += [
          color.red, color.green, color.blue, UInt8(min(255, max(0, alpha))),
        ]
      }
    }
    return Raster(size: size, channels: .rgba, samples: samples)
  }
}

extension Generator {
  /// A colour, `0xRRGGBB`.
  fileprivate var color: UInt32 {
    mutating get { UInt32(truncatingIfNeeded: next() & 0xff_ffff) }
  }

  /// A number below another.
  fileprivate mutating func below(_ end: Int) -> Int {
    Int(next() % UInt64(end))
  }
}
