import ParallelWork
import Quantization
import Rasters
import Testing
import _TestSupport

/// Images of so many colours that they are looked at in groups.
@Suite struct ColorGroupsTests {
  private static let (width, height) = (1_024, 832)

  private static let palette: [UInt32] = [
    0x000000, 0x102030, 0x405060, 0x8090a0, 0xc0b0a0, 0xffffff, 0xa04030,
    0x30a040, 0x3040a0, 0xe0c040, 0x808080, 0x505050,
  ]

  private static let methods: [DitherMethod] = [
    .errorDiffusion(.floydSteinberg), .errorDiffusion(.sierra), .riemersma,
    .ordered(.bayer(.four)), .ordered(.blueNoise),
  ]

  private let raster: Raster
  private let setup: DitherSetup

  init() throws {
    var generator = Generator(seed: 9)
    var noise = (0..<Self.width * Self.height).map { _ in generator.next() }
    // Here and there a colour of the palette.
    for i in stride(from: 0, to: noise.count, by: 31) { noise[i] = 0 }
    raster = TestRasters.make(width: Self.width, height: Self.height) { x, y in
      let value = noise[y * Self.width + x]
      guard value > 0 else {
        return Self.palette[(x + y) % Self.palette.count]
      }
      func sample(_ base: Int, _ shift: UInt64) -> UInt32 {
        UInt32(min(255, base + Int(value >> shift & 63)))
      }
      return sample(x * 200 / Self.width, 0) << 16
        | sample(y * 200 / Self.height, 8) << 8
        | sample((x + y) * 200 / (Self.width + Self.height), 16)
    }
    setup = try DitherSetup(raster, Self.palette)
  }

  private func options(_ method: DitherMethod) -> DitherOptions {
    DitherOptions(method, strength: 0.85, rounds: 2)
  }

  private func isGiven(_ entry: Palette.Entry) -> Bool {
    Self.palette.contains(entry.color.packed)
  }

  private func color(_ pixel: Int) -> RGBColor {
    let samples = raster.samples[3 * pixel..<3 * pixel + 3]
    return RGBColor(packed: samples.reduce(0) { $0 << 8 | UInt32($1) })
  }

  @Test func hasManyColors() {
    #expect(setup.assignment.histogram.count > 1 << 19)
  }

  @Test(arguments: methods)
  func doesNotDependOnThreads(_ method: DitherMethod) {
    let one = setup.dithered(options(method), threads: 1)
    for threads in [2, 7] {
      let other = setup.dithered(options(method), threads: threads)
      #expect(other.indices == one.indices)
      #expect(other.palette.colors == one.palette.colors)
      #expect(other.squaredError == one.squaredError)
    }
  }

  @Test(arguments: methods)
  func leavesOwnColorsAlone(_ method: DitherMethod) {
    let image = setup.dithered(options(method), isFixed: isGiven)
    let shown = image.palette.colors
    for i in stride(from: 0, to: image.indices.count, by: 31) {
      let color = color(i)
      #expect(shown[Int(image.indices[i])] == color)
    }
  }

  @Test(arguments: methods)
  func measuresTheError(_ method: DitherMethod) {
    let image = setup.dithered(options(method))
    let shown = image.palette.colors
    var sum = 0
    for (i, entry) in image.indices.enumerated() {
      let wanted = color(i)
      let color = shown[Int(entry)]
      for (a, b) in [
        (wanted.red, color.red), (wanted.green, color.green),
        (wanted.blue, color.blue),
      ] { sum += (Int(a) - Int(b)) * (Int(a) - Int(b)) }
    }
    #expect(image.squaredError == Double(sum))
  }

  /// Mixing is for what the blurred eye sees.
  @Test(arguments: methods)
  func looksBetterThanTheNearest(_ method: DitherMethod) {
    let image = setup.dithered(options(method), isFixed: isGiven)
    var nearest = DitherOptions(method, strength: 0)
    nearest.rounds = 0
    let plain = setup.dithered(nearest, isFixed: isGiven)
    #expect(setup.seenError(image) < 0.7 * setup.seenError(plain))
  }

  @Test(arguments: methods)
  func isTheSameInStrips(_ method: DitherMethod) {
    let planner = DitherPlanner(
      DitherOptions(method, strength: 0.85), workers: Workers(threads: 2))
    let whole = DitheredImage(planner, setup.assignment, setup.pixels)
    var ditherer = Ditherer(
      planner, setup.assignment, samples: [], isFixed: { _ in false })
    var strips: [DitherStrip] = []
    for first in stride(from: 0, to: Self.height, by: DitherStrip.unit) {
      let rows = first..<min(Self.height, first + DitherStrip.unit)
      strips.append(
        DitherStrip(
          rows, setup.pixels.strip(rows), of: raster.size, below: strips.last))
    }
    for strip in strips { ditherer.count(strip) }
    ditherer.finish()
    #expect(ditherer.palette.colors == whole.palette.colors)
    #expect(strips.flatMap { ditherer.entries(of: $0) } == whole.indices)
  }
}
