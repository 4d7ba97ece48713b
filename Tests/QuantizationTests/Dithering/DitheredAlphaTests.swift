import Quantization
import Rasters
import Testing
import _TestSupport

@Suite struct DitheredAlphaTests {
  private static let colors: [FixedPalette.Color] = [
    (0x202020, 255), (0xe0e060, 255), (0x908040, 255), (0x60a050, 128),
    (0xd03030, 60),
  ].map { FixedPalette.Color(color: RGBColor(packed: $0), alpha: $1) }

  @Test(arguments: DitherMethod.all, [0, 3])
  func keepsWhatIsOpaqueAndWhatIsNot(
    method: DitherMethod, rounds: Int
  ) throws {
    let raster = TestRasters.disc(side: 150)
    let setup = try DitherSetup(raster, Self.colors)
    let image = setup.dithered(
      DitherOptions(method, rounds: rounds, sweeps: 2))
    let entries = image.palette.entries
    #expect(entries[0].alpha == 0)
    #expect(entries.dropFirst().allSatisfy { $0.alpha > 0 })
    var translucent = 0
    for (pixel, entry) in image.indices.enumerated() {
      switch raster.samples[4 * pixel + 3] {
      case 0: #expect(entry == 0)
      case 255: #expect(entries[Int(entry)].alpha == 255)
      default:
        translucent += (1..<255).contains(entries[Int(entry)].alpha) ? 1 : 0
      }
    }
    #expect(translucent > 0)
    guard case .indexed(let indexed) = image.mapped else {
      Issue.record("few entries are to be indexed")
      return
    }
    #expect(indexed.alphas.first == 0)
  }

  @Test(arguments: DitherMethod.mixing)
  func fullyTransparentPixelsAloneTakeNoPart(method: DitherMethod) throws {
    // Opaque greys in a field of nothing: points have three coordinates.
    let size = try #require(ImageSize(width: 60, height: 140))
    var samples: [UInt8] = []
    for pixel in 0..<60 * 140 {
      samples +=
        pixel % 20 < 10 ? [9, 200, 9, 0] : [128, 128, 128, 255]
    }
    let raster = Raster(size: size, channels: .rgba, samples: samples)
    let image = try DitherSetup(
      raster,
      [0x606060, 0xa0a0a0].map {
        FixedPalette.Color(color: RGBColor(packed: $0))
      }
    ).dithered(DitherOptions(method, rounds: 2))
    #expect(image.palette.entries[0].alpha == 0)
    for (pixel, entry) in image.indices.enumerated() {
      #expect((entry == 0) == (samples[4 * pixel + 3] == 0))
    }
  }

  @Test func nothingVisibleIsNothing() throws {
    let size = try #require(ImageSize(width: 9, height: 9))
    let raster = Raster(
      size: size, channels: .rgba,
      samples: [UInt8](repeating: 0, count: 9 * 9 * 4))
    for method in DitherMethod.all {
      let image = try DitherSetup(raster, Self.colors)
        .dithered(DitherOptions(method, rounds: 3, sweeps: 3))
      #expect(image.palette.entries.map(\.alpha) == [0])
      #expect(image.indices.allSatisfy { $0 == 0 })
    }
  }
}
