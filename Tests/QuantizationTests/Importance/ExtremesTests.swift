import ParallelWork
import Quantization
import Rasters
import Testing
import _TestSupport

/// Palettes whose colours are the corners of the image's colours.
@Suite struct ExtremesTests {
  private static let corners: [SIMD3<Double>] = [
    SIMD3(230, 30, 40), SIMD3(40, 60, 220), SIMD3(240, 235, 225),
    SIMD3(20, 25, 20),
  ]

  /// Mixtures of four colours, most of them near the middle, and a few pixels of
  /// another.
  private static func picture(specks: Int = 0) -> Raster {
    var random = Generator(seed: 5)
    return TestRasters.make(width: 100, height: 80) { x, y in
      if y == 0, x < specks { return 0x00ff00 }
      var shares = corners.map { _ in
        Double.random(in: 0...1, using: &random)
      }
      // Some pixels belong to one colour nearly alone.
      if Int.random(in: 0..<6, using: &random) == 0 {
        shares[Int.random(in: 0..<4, using: &random)] += 40
      }
      let total = shares.reduce(0, +)
      var color = SIMD3<Double>.zero
      for (share, corner) in zip(shares, corners) {
        color += share / total * corner
      }
      return UInt32(color.x) << 16 | UInt32(color.y) << 8 | UInt32(color.z)
    }
  }

  private static func palette(
    _ raster: Raster, _ aim: PaletteAim, threads: Int = 1,
    space: CompositeSpace = .encoded
  ) throws -> [RGBColor] {
    var options = try QuantizerOptions(colors: 4)
    options.aim = aim
    options.threads = threads
    options.space = space
    return try Quantizer(options).palette(of: .eight(raster)).palette.entries
      .map(\.color)
  }

  /// How far the corner that is worst served is from the palette.
  private static func distance(_ palette: [RGBColor]) -> Double {
    corners.map { corner in
      palette.map { color in
        let way =
          SIMD3(Double(color.red), Double(color.green), Double(color.blue))
          - corner
        return (way * way).sum().squareRoot()
      }.min() ?? .infinity
    }.max() ?? 0
  }

  @Test(arguments: [false, true])
  func colorsAreTheCorners(isOklab: Bool) throws {
    let space = isOklab ? CompositeSpace(.oklab) : .encoded
    let extremes = try Self.palette(Self.picture(), .recolor, space: space)
    let means = try Self.palette(Self.picture(), .image, space: space)
    // In Oklab, steps in the dark are longer.
    #expect(Self.distance(extremes) < (isOklab ? 60 : 20))
    #expect(Self.distance(means) > 2 * Self.distance(extremes))
  }

  /// A handful of pixels are no extreme, and threads change nothing.
  @Test func specksDoNotCount() throws {
    let palette = try Self.palette(Self.picture(specks: 5), .recolor)
    #expect(Self.distance(palette) < 20)
    #expect(
      try Self.palette(Self.picture(specks: 5), .recolor, threads: 3) == palette
    )
  }

  @Test func picturesOfFewColorsHaveThem() throws {
    let one = TestRasters.make(width: 9, height: 9) { _, _ in 0x336699 }
    #expect(try Self.palette(one, .recolor) == [RGBColor(packed: 0x336699)])
    let two = TestRasters.make(width: 9, height: 9) { x, _ in
      x < 4 ? 0x336699 : 0xffffff
    }
    #expect(
      Set(try Self.palette(two, .recolor))
        == [RGBColor(packed: 0x336699), RGBColor(packed: 0xffffff)])
  }

  @Test func nothingVisibleHasNoExtremes() throws {
    let empty = Raster(
      size: TestRasters.disc(side: 4).size, channels: .rgba,
      samples: [UInt8](repeating: 0, count: 64))
    #expect(try Self.palette(empty, .recolor).count == 1)
  }
}
