import ColorModels
import Quantization
import Rasters
import Testing
import _TestSupport

/// Diffusion methods at full strength keep the mean of every area of 16 × 16
/// pixels within an 8-bit step, in the coordinates of the working space, where
/// a mixture of the palette's colours can have it.
@Suite struct MeanLightTests {
  private static let methods: [DitherMethod] =
    DiffusionKernel.allCases.map { .errorDiffusion($0) } + [.riemersma]

  private static let palettes: [[UInt32]] = [
    [0x000000, 0xffffff], [0x000000, 0x404040, 0xa0a0a0, 0xffffff],
    [0x000000, 0x010101, 0x808080, 0x828282, 0xffffff],
    [
      0x000000, 0xff0000, 0x00ff00, 0x0000ff, 0xffff00, 0x00ffff, 0xff00ff,
      0xffffff,
    ],
    // A display of electronic ink.
    [0x000000, 0xffffff, 0x007f00, 0x0000c0, 0xc00000, 0xf0e000, 0xf08000],
  ]

  /// The largest error of a coordinate of any area's mean, in 8-bit steps.
  private func worst(
    _ raster: Raster, _ colors: [UInt32], _ space: CompositeSpace,
    _ options: DitherOptions
  ) throws -> Double {
    let image = try DitherSetup(raster, colors, space: space).dithered(options)
    let entries = image.palette.entries.map {
      space.point($0.color, alpha: 255)
    }
    let (width, side) = (raster.size.width, 16)
    var worst = 0.0
    for top in stride(from: 0, to: raster.size.height, by: side) {
      for left in stride(from: 0, to: width, by: side) {
        var sum = SIMD4<Double>.zero
        for y in top..<top + side {
          for x in left..<left + side {
            let place = y * width + x
            let wanted = RGBColor(
              red: raster.samples[3 * place],
              green: raster.samples[3 * place + 1],
              blue: raster.samples[3 * place + 2])
            sum +=
              entries[Int(image.indices[place])]
              - space.point(wanted, alpha: 255)
          }
        }
        for d in 0..<3 {
          worst = max(worst, abs(sum[d]) / Double(side * side))
        }
      }
    }
    return worst / space.working.step
  }

  /// All greys, each a square of 32 pixels.
  private static let greys = TestRasters.make(width: 512, height: 512) { x, y in
    UInt32(y / 32 * 16 + x / 32) * 0x010101
  }

  @Test(arguments: methods, WorkingSpace.allCases)
  func greys(method: DitherMethod, space: WorkingSpace) throws {
    for palette in Self.palettes {
      let worst = try worst(
        Self.greys, palette, CompositeSpace(space), DitherOptions(method))
      #expect(worst <= 1, "\(palette)")
    }
  }

  /// Random mixtures of a palette's colours.
  @Test(arguments: methods)
  func mixtures(method: DitherMethod) throws {
    var numbers = Generator(seed: 5)
    for palette in Self.palettes {
      let cells = (0..<64).map { _ in
        let parts = palette.map { _ in Double(numbers.next() % 100) }
        let sum = max(1, parts.reduce(0, +))
        func mean(_ shift: UInt32) -> UInt32 {
          let total = zip(palette, parts).reduce(0.0) {
            $0 + Double($1.0 >> shift & 255) * $1.1
          }
          return UInt32((total / sum).rounded()) << shift
        }
        return mean(16) | mean(8) | mean(0)
      }
      let raster = TestRasters.make(width: 256, height: 256) { x, y in
        cells[y / 32 * 8 + x / 32]
      }
      #expect(
        try worst(raster, palette, .encoded, DitherOptions(method)) <= 1)
    }
  }

  /// A ramp, and one that is dithered in several bands.
  @Test(arguments: methods)
  func ramps(method: DitherMethod) throws {
    let raster = TestRasters.make(width: 256, height: 304) { x, y in
      UInt32((x + y / 2) % 256) * 0x010101
    }
    for space in [CompositeSpace.encoded, CompositeSpace(.linear)] {
      #expect(
        try worst(raster, [0, 0xffffff], space, DitherOptions(method)) <= 1)
    }
  }

  /// No grey between two colours is plain, however near it is to one of them.
  @Test(arguments: methods, [WorkingSpace.srgb, .linear])
  func noGreyIsPlain(method: DitherMethod, space: WorkingSpace) throws {
    for level in [1, 3, 9, 25, 89, 230, 244, 252, 254] as [UInt8] {
      // Linear light of dark greys needs more room for a single dot.
      let raster = TestRasters.flat(level, width: 128, height: 128)
      let image = try DitherSetup(
        raster, [0, 0xffffff], space: CompositeSpace(space)
      ).dithered(DitherOptions(method))
      let isSeen = space == .srgb || level > 9
      #expect(!isSeen || Set(image.indices).count == 2, "\(level)")
    }
  }
}
