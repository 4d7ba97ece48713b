import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Where samples go that are in one space and wanted in another.
@Suite struct ColorManagementTests {
  private func png(
    _ profile: [UInt8]?, bitDepth: Int = 8, colorType: Int = 2,
    sample: @escaping (Int, Int, Int) -> Int
  ) -> [UInt8] {
    var builder = PNGBuilder(
      width: 16, height: 16, bitDepth: bitDepth, colorType: colorType,
      sample: sample)
    if let profile {
      builder.chunks = [
        ("iCCP", Array("any\0\0".utf8) + PNGBuilder.stored(profile))
      ]
    }
    return builder.bytes()
  }

  /// 256 colours over the whole cube, alpha among them.
  private func spread(_ x: Int, _ y: Int, _ channel: Int) -> Int {
    [x * 17, y * 17, (x * 5 + y * 11) % 16 * 17, 255 - x * y][channel]
  }

  /// A raster converted in double precision.
  private func converted(
    _ samples: [Int], channels: Int = 3, most: Double = 255,
    from source: ReferenceColor.Matrix, to target: ReferenceColor.Matrix
  ) -> [Int] {
    stride(from: 0, to: samples.count, by: channels).flatMap { i in
      let lights = samples[i..<i + 3].map {
        ReferenceColor.decoded(Double($0) / most)
      }
      let colors = ReferenceColor.converted(lights, from: source, to: target)
        .map { Int((ReferenceColor.encoded($0) * most).rounded()) }
      return colors + samples[i + 3..<i + channels]
    }
  }

  private func greatestDifference(_ a: [Int], _ b: [Int]) -> Int {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .max
  }

  @Test(arguments: [2, 6])
  func convertsP3(colorType: Int) throws {
    let file = png(
      ICCBuilder.rgb(.p3, .sRGB), colorType: colorType, sample: spread)
    let channels = colorType == 2 ? 3 : 4
    let stored = (0..<256).flatMap { i in
      (0..<channels).map { spread(i % 16, i / 16, $0) }
    }
    for threads in [1, 3] {
      let image = try ImageDecoder.decode(file, threads: threads)
      let samples = image.raster.samples.map(Int.init)
      let expected = converted(
        stored, channels: channels, from: ReferenceColor.p3,
        to: ReferenceColor.sRGB)
      #expect(greatestDifference(samples, expected) <= 1)
      #expect(greatestDifference(samples, stored) > 20)
    }
  }

  @Test func convertsSixteenBits() throws {
    let file = png(ICCBuilder.rgb(.p3, .sRGB), bitDepth: 16) { x, y, channel in
      spread(x, y, channel) * 257 + (x + y) * (channel + 1) & 0xffff
    }
    let stored = try ImageDecoder.decode(file, into: .input)
    let image = try ImageDecoder.decode(file)
    guard case .sixteen(let before) = stored.pixels,
      case .sixteen(let after) = image.pixels
    else {
      Issue.record("16 bits did not stay")
      return
    }
    let expected = converted(
      before.samples.map(Int.init), most: 65_535, from: ReferenceColor.p3,
      to: ReferenceColor.sRGB)
    // Little CMS computes with 16 bits between its stages.
    let difference = greatestDifference(
      after.samples.map(Int.init), expected)
    #expect(difference <= 64, "\(difference)")
  }

  @Test func givesP3() throws {
    let own = try ImageDecoder.decode(
      png(nil, sample: spread), into: .displayP3)
    let stored = (0..<256).flatMap { i in
      (0..<3).map { spread(i % 16, i / 16, $0) }
    }
    let expected = converted(
      stored, from: ReferenceColor.sRGB, to: ReferenceColor.p3)
    #expect(
      greatestDifference(own.raster.samples.map(Int.init), expected) <= 1)
    #expect(own.space == .displayP3)
    let profile = try #require(own.annotations.profile)
    // The profile means what it says: read back by it, and by ours as input.
    let again = try ImageDecoder.decode(png(profile, sample: spread))
    let other = try ImageDecoder.decode(
      png(ICCBuilder.rgb(.p3, .sRGB), sample: spread))
    #expect(
      greatestDifference(
        again.raster.samples.map(Int.init),
        other.raster.samples.map(Int.init)) <= 1)
    // P3 already: untouched.
    let untouched = try ImageDecoder.decode(
      png(ICCBuilder.rgb(.p3, .sRGB), sample: spread), into: .displayP3)
    #expect(untouched.raster.samples.map(Int.init) == stored)
    #expect(untouched.annotations.profile == profile)
  }

  /// No time and no chance is in the profile.
  @Test func makesTheSameProfileEveryTime() throws {
    let profile = try #require(
      try ImageDecoder.decode(png(nil, sample: spread), into: .displayP3)
        .annotations.profile)
    #expect(
      Array(profile[24..<36]) == [7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])
    #expect(profile.count < 1_000)
    let points = try ImageDecoder.decode(
      {
        var builder = PNGBuilder(
          width: 1, height: 1, bitDepth: 8, colorType: 2,
          sample: { _, _, _ in 9 })
        builder.chunks = [("cICP", [12, 13, 0, 1])]
        return builder.bytes()
      }(), into: .displayP3)
    #expect(points.annotations.profile == profile)
  }

  @Test func keepsTheInputsSpace() throws {
    let profile = ICCBuilder.rgb(.adobe, .gamma(2.2))
    let file = png(profile, sample: spread)
    let image = try ImageDecoder.decode(file, into: .input)
    #expect(image.space == .input)
    #expect(image.annotations.profile == profile)
    let stored = (0..<256).flatMap { i in
      (0..<3).map { UInt8(spread(i % 16, i / 16, $0)) }
    }
    #expect(image.raster.samples == stored)
    // sRGB needs no profile, and grey has none that RGB samples could have.
    let plain = try ImageDecoder.decode(
      png(ICCBuilder.rgb(.sRGB, .sRGB), sample: spread), into: .input)
    #expect(plain.space == .sRGB && plain.annotations.profile == nil)
    let grey = try ImageDecoder.decode(
      png(ICCBuilder.grey(.gamma(1)), colorType: 0, sample: spread),
      into: .input)
    #expect(grey.space == .sRGB && grey.annotations.profile == nil)
    let srgb = try ImageDecoder.decode(
      png(ICCBuilder.grey(.gamma(1)), colorType: 0, sample: spread))
    #expect(grey.raster.samples == srgb.raster.samples)
  }

  @Test func turnsWhatItConverted() throws {
    var builder = PNGBuilder(
      width: 2, height: 1, bitDepth: 8, colorType: 2,
      sample: { x, _, _ in x * 128 })
    builder.chunks = [
      ("gAMA", bigEndian(100_000)),
      ("pHYs", bigEndian(10) + bigEndian(20) + [1]),
      ("eXIf", ExifBuilder.tiff(orientation: 6, littleEndian: true)),
    ]
    let image = try ImageDecoder.decode(builder.bytes())
    #expect(image.raster.size == ImageSize(width: 1, height: 2))
    let light = UInt8((ReferenceColor.encoded(128.0 / 255) * 255).rounded())
    #expect(image.raster.samples == [0, 0, 0, light, light, light])
    #expect(
      image.annotations.density
        == PixelDensity(horizontal: 20, vertical: 10, unit: .meter))
  }
}
