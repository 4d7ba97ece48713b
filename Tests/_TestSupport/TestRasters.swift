public import Rasters

/// Images for tests.
public enum TestRasters {
  /// An opaque image from packed colours, row by row.
  public static func make(
    width: Int, height: Int, _ color: (_ x: Int, _ y: Int) -> UInt32
  ) -> Raster {
    guard let size = ImageSize(width: width, height: height) else {
      preconditionFailure("a test asks for an image without pixels")
    }
    var samples: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let color = RGBColor(packed: color(x, y))
        samples += [color.red, color.green, color.blue]
      }
    }
    return Raster(size: size, channels: .rgb, samples: samples)
  }

  /// A photo-like image: smooth colour with noise, many distinct colours.
  public static func noisyGradient(width: Int, height: Int) -> Raster {
    var numbers = Generator(seed: 7)
    return make(width: width, height: height) { x, y in
      let noise = UInt32(numbers.next() >> 40) % 24
      let red = UInt32(x * 220 / width) + noise
      let green = UInt32(y * 200 / height) + noise / 2
      let blue = UInt32((x + y) * 100 / (width + height)) + noise
      return red << 16 | green << 8 | blue
    }
  }

  /// A disc with a soft edge on nothing, over which colours change.
  public static func disc(side: Int) -> Raster {
    guard let size = ImageSize(width: side, height: side) else {
      preconditionFailure("a test asks for an image without pixels")
    }
    var samples: [UInt8] = []
    for y in 0..<side {
      for x in 0..<side {
        let (dx, dy) = (2 * x - side, 2 * y - side)
        let rest = Double(side) - Double(dx * dx + dy * dy).squareRoot()
        let alpha = min(255, max(0, rest * 40))
        samples += [
          UInt8(x * 255 / side), UInt8(y * 255 / side), 90, UInt8(alpha),
        ]
      }
    }
    return Raster(size: size, channels: .rgba, samples: samples)
  }
}
