import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// Colours that the palette has in any case.
@Suite struct PinnedColorTests {
  private let pins = [RGBColor(packed: 0x12ff34), RGBColor(packed: 0xfe0101)]

  private func assign(
    _ raster: Raster, colors: Int,
    _ posterization: Posterization = .none
  ) throws -> ColorAssignment {
    let points = ColorPoints(
      ColorHistogram(of: raster), engine: try TruncatedEM())
    let fit = try points.fit(
      colors: colors, keeping: pins, truncation: .hard)
    return try ColorAssignment(
      rounding: fit.model, of: points, posterization: posterization)
  }

  @Test func stayExactlyEvenWhereNoPixelHasThem() throws {
    let raster = TestRasters.make(width: 60, height: 1) { x, _ in
      UInt32(x) << 16 | UInt32(x * 2)
    }
    let palette = try assign(raster, colors: 6).palette
    #expect(palette.entries.count == 6)
    for pin in pins {
      let entry = try #require(palette.entries.first { $0.color == pin })
      #expect(entry.count == 0)
      #expect(entry.alpha == 255)
    }
    // They come last, as the least used.
    #expect(Set(palette.colors.suffix(2)) == Set(pins))
    #expect(palette.entries.map(\.count).reduce(0, +) == 60)
  }

  @Test func pixelsAreMappedToThem() throws {
    let raster = TestRasters.make(width: 4, height: 1) { x, _ in
      [0x12ff34, 0x13ff33, 0x000000, 0xff0000][x]
    }
    let assignment = try assign(raster, colors: 3)
    let entries = assignment.palette.entries
    #expect(entries.map(\.color.packed) == [0x12ff34, 0x000000, 0xfe0101])
    #expect(entries.map(\.count) == [2, 1, 1])
    #expect(entries.map(\.component) == [0, 2, 1])
    // (1, 0, 1) and (1, 1, 1) away.
    #expect(assignment.squaredError == 5)
  }

  @Test func posterizingLeavesThemAlone() throws {
    let raster = TestRasters.noisyGradient(width: 30, height: 20)
    let palette = try assign(raster, colors: 5, try Posterization(bits: 4))
      .palette
    let others = palette.colors.filter { !pins.contains($0) }
    #expect(palette.colors.count == others.count + 2)
    for color in others {
      for sample in [color.red, color.green, color.blue] {
        #expect(sample >> 4 == sample & 15)
      }
    }
  }

  /// Opaque, translucent and fully transparent pixels.
  private func glass(side: Int, hasOpaque: Bool) throws -> Raster {
    let size = try #require(ImageSize(width: side, height: side))
    let samples = (0..<side * side).flatMap { n in
      let alpha: UInt8 = hasOpaque ? [0, 120, 255][n % 3] : [0, 120][n % 2]
      return [UInt8(n % 200), UInt8(n * 7 % 200), 90, alpha]
    }
    return Raster(size: size, channels: .rgba, samples: samples)
  }

  @Test(arguments: [true, false])
  func stayOpaqueBesideTranslucentColors(hasOpaque: Bool) throws {
    let raster = try glass(side: 24, hasOpaque: hasOpaque)
    let palette = try assign(raster, colors: 9).palette
    #expect(palette.entries.count <= 9)
    #expect(palette.entries[0].alpha == 0)
    for pin in pins {
      #expect(
        palette.entries.count { $0.color == pin && $0.alpha == 255 } == 1)
    }
    #expect(palette.entries.map(\.count).reduce(0, +) == 576)
  }

  @Test func nothingToSeeKeepsThem() throws {
    let size = try #require(ImageSize(width: 2, height: 1))
    let raster = Raster(
      size: size, channels: .rgba, samples: [UInt8](repeating: 0, count: 8))
    let assignment = try assign(raster, colors: 2)
    let entries = assignment.palette.entries
    #expect(entries.map(\.alpha) == [0, 255, 255])
    #expect(entries.map(\.count) == [2, 0, 0])
    #expect(Set(entries.dropFirst().map(\.color)) == Set(pins))
  }
}
