import ColorModels
import ParallelWork
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// An opaque pixel never has an entry that is much farther than the nearest one
/// of any alpha.
@Suite struct OpaqueToleranceTests {
  private static let seeds: Range<UInt64> = 0..<5

  /// How far an opaque pixel's entry may be, as docs/alpha.md states it.
  private func most(_ least: Double, _ space: CompositeSpace) -> Double {
    let step = space.working.step
    return 2 * least + 108 * step * step
  }

  private func distance(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> Double {
    ((a - b) * (a - b)).sum()
  }

  private func points(
    _ palette: Palette, _ space: CompositeSpace
  ) -> [SIMD4<Double>] {
    palette.entries.map { space.point($0.color, alpha: $0.alpha) }
  }

  /// Checks all opaque colours of an assignment, and that an opaque entry was
  /// taken where one is near enough.
  private func check(_ assignment: ColorAssignment, _ text: String) {
    let (histogram, space) = (assignment.histogram, assignment.space)
    let entries = assignment.palette.entries
    let points = points(assignment.palette, space)
    let opaque = entries.indices.filter { entries[$0].alpha == 255 }
    var worst = 0.0
    for n in histogram.visible where histogram.color(n).w == .max {
      let point = space.point(histogram.color(n))
      let distances = points.map { distance($0, point) }
      let least = distances.min() ?? 0
      let entry = Int(assignment.entries[n])
      let excess = distances[entry] - most(least, space)
      worst = max(worst, excess)
      let stays = opaque.contains { distances[$0] < most(least, space) }
      #expect(!stays || entries[entry].alpha == 255, "\(text)")
    }
    #expect(worst < 1e-9, "\(text)")
  }

  /// The options that the property is tried with.
  private static func variants() throws -> [(String, QuantizerOptions)] {
    var variants: [(String, QuantizerOptions)] = []
    for colors in [2, 3, 6, 16, 24] {
      let plain = try QuantizerOptions(colors: colors)
      variants.append(("-k \(colors)", plain))
      var options = plain
      options.balance = 0.3
      variants.append(("-k \(colors) --balance 0.3", options))
      options = plain
      options.preferAppearance()
      variants.append(("-k \(colors) --perceptual", options))
      options = plain
      options.space = CompositeSpace(.linear)
      options.posterization = try Posterization(bits: 3)
      variants.append(("-k \(colors) --space linear --posterize 3", options))
      options = plain
      options.truncation = .soft(2)
      options.pinned = [RGBColor(packed: 0x00ff00)]
      variants.append(("-k \(colors) -c 2 --pin", options))
    }
    variants.append(
      (
        "-k auto",
        QuantizerOptions(
          start: .choose(
            ColorCountChoice(.criterion(.bic), upTo: try PaletteSize(12))))
      ))
    return variants
  }

  @Test(arguments: OverlayRasters.allCases)
  func fittedPalettes(kind: OverlayRasters) throws {
    for seed in Self.seeds {
      let raster = kind.raster(seed: seed)
      for (name, options) in try Self.variants() {
        guard options.components > options.pinned.count + 1 else { continue }
        check(
          try Quantizer(options).palette(of: .eight(raster)).assignment,
          "\(kind) \(seed) \(name)")
      }
    }
  }

  @Test(arguments: OverlayRasters.allCases)
  func givenPalettes(kind: OverlayRasters) throws {
    for seed in Self.seeds {
      var numbers = Generator(seed: seed)
      let colors: [FixedPalette.Color] = (0..<9).map { (n: Int) in
        let color = RGBColor(
          packed: UInt32(truncatingIfNeeded: numbers.next() & 0xff_ffff))
        let alpha: UInt8 = n == 0 ? 255 : UInt8(60 + 20 * n)
        return FixedPalette.Color(color: color, alpha: alpha)
      }
      let raster = kind.raster(seed: seed)
      let given = try Quantizer(
        QuantizerOptions(start: .palette(FixedPalette(colors)))
      ).palette(of: .eight(raster))
      check(given.assignment, "\(kind) \(seed)")
    }
  }

  @Test(arguments: OverlayRasters.allCases)
  func palettesOfOtherImages(kind: OverlayRasters) throws {
    for seed in Self.seeds {
      // Few colours, so that none may be opaque; the second image has no alpha.
      let quantizer = try Quantizer(colors: 3)
      let fitted = try quantizer.palette(of: .eight(kind.raster(seed: seed)))
      let opaque = TestRasters.noisyGradient(width: 30, height: 20)
      var options = quantizer.options
      options.start = .palette(try FixedPalette(fitted.palette))
      for raster in [kind.raster(seed: seed + 100), opaque] {
        let other = try Quantizer(options).palette(of: .eight(raster))
        check(other.assignment, "\(kind) \(seed) \(raster.channels)")
        let image = try quantizer.map(.eight(raster), to: fitted)
        #expect(image.palette.entries.map(\.count).reduce(0, +) > 0)
      }
    }
  }

  /// A patch of an opaque colour that no entry has looks, from afar, no farther
  /// from it than the nearest entry.
  @Test(arguments: DitherMethod.mixing, [0, 6])
  func dithering(method: DitherMethod, rounds: Int) throws {
    let width = 96
    let size = try #require(ImageSize(width: width, height: width))
    var samples: [UInt8] = []
    for y in 0..<width {
      for x in 0..<width {
        let isPatch = (40..<56).contains(x) && (40..<56).contains(y)
        let isWhite = y < 4
        let isBlack = y >= width - 4
        if isPatch {
          samples += [200, 0, 0, 255]
        } else if isWhite || isBlack {
          samples += isWhite ? [255, 255, 255, 255] : [0, 0, 0, 255]
        } else {
          let alpha = UInt8(60 + (5 * x + 3 * y) % 150)
          samples += [255, UInt8(x * 2), UInt8(y), alpha]
        }
      }
    }
    let raster = Raster(size: size, channels: .rgba, samples: samples)
    var options = try QuantizerOptions(colors: 12)
    options.dither = DitherOptions(
      method, strength: 0.85, rounds: rounds, sweeps: 2)
    let image = try Quantizer(options).quantize(raster)
    let space = options.space
    let shown = image.raster().samples
    var sum = SIMD4<Double>.zero
    for y in 40..<56 {
      for x in 40..<56 {
        let first = 4 * (y * width + x)
        sum += space.point(
          RGBColor(
            red: shown[first], green: shown[first + 1], blue: shown[first + 2]),
          alpha: shown[first + 3])
      }
    }
    let patch = space.point(RGBColor(packed: 0xc80000), alpha: 255)
    let least =
      points(image.palette, space).map { distance($0, patch) }.min() ?? 0
    #expect(distance(sum / 256, patch) <= most(least, space))
  }
}
