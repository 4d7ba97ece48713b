import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// The best few of given colours, and colours of the image.
@Suite struct PaletteSubsetTests {
  private func colors(_ count: Int, seed: UInt64) -> [RGBColor] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      RGBColor(packed: UInt32(truncatingIfNeeded: generator.next() >> 40))
    }
  }

  private func image(_ colors: [RGBColor], seed: UInt64) -> Raster {
    var generator = SeededGenerator(seed: seed)
    // Colours have different numbers of pixels.
    let pixels = (0..<400).map { _ in
      let n = Int(generator.next() % UInt64(colors.count))
      return colors[Int(generator.next() % UInt64(n + 1))].packed
    }
    return TestRasters.make(width: 400, height: 1) { x, _ in pixels[x] }
  }

  private func error(_ raster: Raster, _ palette: [RGBColor]) -> Int {
    raster.colors.reduce(0) { sum, color in
      sum
        + (palette.map { entry in
          let red = Int(color.red) - Int(entry.red)
          let green = Int(color.green) - Int(entry.green)
          let blue = Int(color.blue) - Int(entry.blue)
          return red * red + green * green + blue * blue
        }.min() ?? 0)
    }
  }

  private func options(
    _ size: Int, of given: [RGBColor]
  ) throws -> QuantizerOptions {
    QuantizerOptions(
      start: .subset(
        try PaletteSize(size),
        of: try FixedPalette(given.map { FixedPalette.Color(color: $0) })))
  }

  /// Every subset, by a recursion of its own.
  private func best(
    _ size: Int, of given: [RGBColor], _ chosen: [RGBColor], _ raster: Raster
  ) -> Int {
    guard size > 0 else { return error(raster, chosen) }
    return given.indices.map { n in
      best(
        size - 1, of: Array(given[(n + 1)...]), chosen + [given[n]], raster)
    }.min() ?? .max
  }

  @Test(arguments: 0..<8)
  func asGoodAsTryingAll(seed: Int) throws {
    let seed = UInt64(seed)
    let raster = image(colors(60, seed: seed), seed: seed + 100)
    let given = colors(11, seed: seed + 200)
    for size in [1, 2, 4] {
      let result = try Quantizer(options(size, of: given)).quantize(raster)
      #expect(result.palette.entries.count <= size)
      #expect(
        error(raster, result.palette.colors)
          == best(size, of: given, [], raster))
    }
  }

  /// Too many subsets to try them all: exchanges alone find what is best.
  @Test(arguments: 0..<4)
  func exchangesFindTheBest(seed: Int) throws {
    let seed = UInt64(seed)
    let raster = image(colors(40, seed: seed), seed: seed + 100)
    let given = colors(30, seed: seed + 200)
    let result = try Quantizer(options(4, of: given)).quantize(raster)
    #expect(
      error(raster, result.palette.colors)
        == best(4, of: given, [], raster))
  }

  @Test func allAreTakenWhereThereAreFew() throws {
    let given = colors(5, seed: 1)
    let raster = image(given, seed: 2)
    let result = try Quantizer(options(9, of: given)).quantize(raster)
    #expect(error(raster, result.palette.colors) == 0)
  }

  @Test func imageColorsAreColorsOfTheImage() throws {
    let raster = TestRasters.noisyGradient(width: 60, height: 40)
    let known = Set(raster.colors)
    for dither in [DitherMethod.none, .errorDiffusion(.floydSteinberg)] {
      var options = try QuantizerOptions(colors: 12)
      options.takesImageColors = true
      options.dither.method = dither
      let result = try Quantizer(options).quantize(raster)
      #expect(result.palette.entries.count == 12)
      for color in result.palette.colors { #expect(known.contains(color)) }
      guard dither == .none else { continue }
      options.takesImageColors = false
      let free = try Quantizer(options).quantize(raster)
      #expect(
        Double(error(raster, result.palette.colors))
          < 1.2 * Double(error(raster, free.palette.colors)))
    }
  }
}

extension Raster {
  /// The colours of all pixels, without alpha.
  fileprivate var colors: [RGBColor] {
    stride(from: 0, to: samples.count, by: channels.count).map {
      RGBColor(red: samples[$0], green: samples[$0 + 1], blue: samples[$0 + 2])
    }
  }
}
