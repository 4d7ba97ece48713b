import ParallelWork
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

@Suite struct DithererTests {
  private static let colors: [UInt32] = [
    0x102010, 0x604020, 0xb07050, 0xe0d080, 0x3050a0,
  ]

  @Test(arguments: DitherMethod.all)
  func bytesDoNotDependOnThreads(method: DitherMethod) throws {
    let setup = try DitherSetup(
      TestRasters.noisyGradient(width: 150, height: 700), Self.colors)
    let options = DitherOptions(method, strength: 0.85, rounds: 2, sweeps: 1)
    let one = setup.dithered(options, threads: 1)
    for threads in [2, 3] {
      let many = setup.dithered(options, threads: threads)
      #expect(many.indices == one.indices)
      #expect(many.palette.entries == one.palette.entries)
      #expect(many.squaredError == one.squaredError)
    }
  }

  @Test(arguments: DitherMethod.all)
  func countsAndErrorAreThoseOfThePixels(method: DitherMethod) throws {
    let raster = TestRasters.noisyGradient(width: 70, height: 140)
    let image = try DitherSetup(raster, Self.colors)
      .dithered(DitherOptions(method, rounds: 2))
    for (j, entry) in image.palette.entries.enumerated() {
      #expect(entry.count == image.indices.filter { $0 == j }.count)
      #expect(entry.count > 0)
    }
    guard case .indexed(let indexed) = image.mapped else {
      Issue.record("five colours are to be indexed")
      return
    }
    let samples = indexed.indices.flatMap { (entry) -> [UInt8] in
      let color = indexed.palette[Int(entry)]
      return [color.red, color.green, color.blue]
    }
    let error = zip(raster.samples, samples).reduce(0) {
      $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1))
    }
    #expect(abs(image.squaredError - Double(error)) < 1e-6 * Double(error))
    #expect(indexed.palette == image.palette.colors)
    #expect(indexed.indices.map { UInt16($0) } == image.indices)
    // The most used first.
    let counts = image.palette.entries.map(\.count)
    #expect(counts == counts.sorted(by: >))
  }

  @Test(arguments: DitherMethod.mixing)
  func withoutStrengthPixelsAreNotMixed(method: DitherMethod) throws {
    let setup = try DitherSetup(
      TestRasters.noisyGradient(width: 70, height: 140), Self.colors)
    let plain = setup.dithered(DitherOptions(.none))
    #expect(
      setup.dithered(DitherOptions(method, strength: 0)).indices
        == plain.indices)
    #expect(
      setup.dithered(DitherOptions(method, strength: 1)).indices
        != plain.indices)
    #expect(plain.squaredError == setup.assignment.squaredError)
  }

  @Test(arguments: DitherMethod.mixing, [0, 2])
  func coloursOfThePaletteStayPlain(method: DitherMethod, sweeps: Int) throws {
    // A logo of two colours on a gradient that cannot be met.
    func isLogo(_ x: Int, _ y: Int) -> Bool { (x / 20 + y / 20) % 2 == 0 }
    func color(_ x: Int, _ y: Int) -> UInt32 {
      isLogo(x, y)
        ? (x / 40 % 2 == 0 ? 0x604020 : 0x3050a0)
        : UInt32(60 + x) << 16 | UInt32(y) << 8 | 90
    }
    let raster = TestRasters.make(width: 120, height: 160, color)
    for space in [CompositeSpace.encoded, CompositeSpace(.oklab)] {
      let image = try DitherSetup(raster, Self.colors, space: space)
        .dithered(DitherOptions(method, sweeps: sweeps))
      var mixed = 0
      for (pixel, entry) in image.indices.enumerated() {
        let (x, y) = (pixel % 120, pixel / 120)
        let got = image.palette.entries[Int(entry)].color.packed
        if isLogo(x, y) {
          #expect(got == color(x, y))
        } else {
          mixed += got == 0x604020 ? 1 : 0
        }
      }
      #expect(mixed > 0)
    }
  }

  @Test func mixesColoursThatNoPixelIsNearestTo() throws {
    // Grey is nearest to grey, and what is missing is red.
    let raster = TestRasters.make(width: 64, height: 64) { _, _ in 0xa08080 }
    let image = try DitherSetup(raster, [0x808080, 0xff4040])
      .dithered(DitherOptions(.errorDiffusion(.floydSteinberg)))
    #expect(image.palette.entries.count == 2)
    // Without dithering there is nothing to mix, and it is left out.
    #expect(
      try DitherSetup(raster, [0x808080, 0xff4040])
        .dithered(DitherOptions(.none)).palette.entries.count == 1)
  }

  @Test(arguments: [DitherMethod.errorDiffusion(.sierra), .ordered(.blueNoise)])
  func moreThan256ColoursAreNotIndexed(method: DitherMethod) throws {
    let raster = TestRasters.noisyGradient(width: 120, height: 140)
    let points = ColorPoints(
      ColorHistogram(of: raster), engine: try TruncatedEM())
    var numbers = Generator(seed: 1)
    let means = (0..<400 * 3).map { _ in Double((numbers.next() >> 20) % 256) }
    let assignment = try ColorAssignment(
      rounding: MixtureModel(means: means, dimension: 3), of: points)
    // As many as pixels are nearest to.
    var options = DitherOptions(method, rounds: 1)
    options.strength = 0.5
    let fit = try points.fit(colors: 400, truncation: .hard, seed: 1)
    let fitted = try ColorAssignment(rounding: fit.model, of: points)
    for assignment in [assignment, fitted] {
      let image = DitheredImage(
        DitherPlanner(options, workers: Workers(threads: 2)), assignment,
        .eight(raster))
      let colors = Set(image.palette.colors.map(\.packed))
      guard case .colors(let mapped) = image.mapped else {
        #expect(colors.count <= 256)
        continue
      }
      #expect(mapped.channels == .rgb)
      let pixels = (0..<raster.size.pixelCount).map { pixel in
        (0..<3).reduce(UInt32(0)) {
          $0 << 8 | UInt32(mapped.samples[3 * pixel + $1])
        }
      }
      #expect(Set(pixels) == colors)
      #expect(colors.count > 256)
    }
    #expect(fitted.palette.entries.count > 256)
  }
}
