import Foundation
import ImageFormats
import SoftFormats
import Testing

@Suite struct PictureTests {
  @Test(arguments: [PNGStream.Depth.eight, .sixteen])
  func posteriorMeansOfOpaqueColors(_ depth: PNGStream.Depth) throws {
    let image = try SoftSamples.image(SoftSamples.opaque)
    let samples = try SoftSamples.samples(
      ofPNG: SoftColorImage.encode(image, depth: depth))
    let step = depth == .eight ? 1.0 / 255 : 1.0 / 65_535
    for (pixel, shares) in SoftSamples.dense(image).enumerated() {
      #expect(samples[pixel].count == 3)
      for d in 0..<3 {
        let mean = shares.enumerated().reduce(0.0) {
          $0 + $1.element * image.map.model.means[3 * $1.offset + d]
        }
        #expect(abs(samples[pixel][d] - mean / 255) < 0.501 * step)
      }
    }
  }

  @Test func posteriorMeansOfTranslucentColors() throws {
    let image = try SoftSamples.image(SoftSamples.translucent)
    let samples = try SoftSamples.samples(
      ofPNG: SoftColorImage.encode(image, depth: .sixteen))
    for (pixel, shares) in SoftSamples.dense(image).enumerated() {
      let mean = (0..<4).map { d in
        shares.enumerated().reduce(0.0) {
          $0 + $1.element * image.map.model.means[4 * $1.offset + d]
        }
      }
      let alpha = mean[3] * 2.0.squareRoot() / 255
      #expect(abs(samples[pixel][3] - alpha) < 1e-4)
      guard alpha > 0.1 else { continue }
      for d in 0..<3 {
        let color = (mean[d] / 255 - (1 - alpha) / 2) / alpha
        #expect(abs(samples[pixel][d] - color) < 1e-3)
      }
    }
  }

  @Test func uncertaintyIsEntropy() throws {
    let image = try SoftSamples.image(SoftSamples.opaque)
    let samples = try SoftSamples.samples(ofPNG: UncertaintyImage.encode(image))
    for (pixel, shares) in SoftSamples.dense(image).enumerated() {
      let entropy = shares.reduce(0.0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
      #expect(abs(samples[pixel][0] - entropy / log(3)) < 1e-5)
    }
    #expect(samples.contains { $0[0] > 0.3 })
  }

  @Test func hardAssignmentsAreCertain() throws {
    let image = try SoftSamples.image(SoftSamples.opaque, truncation: 1)
    let samples = try SoftSamples.samples(ofPNG: UncertaintyImage.encode(image))
    #expect(samples.allSatisfy { $0[0] == 0 })
  }

  @Test func colorsComeWithALegend() throws {
    let image = try SoftSamples.image(SoftSamples.opaque)
    let decoded = try ImageDecoder.decode(
      UncertaintyImage.encodeColors(image), into: .input)
    #expect(decoded.raster.size.width == 40)
    #expect(decoded.raster.size.height == 30 + ColorLegend.height)
    // The bar runs from dark to bright.
    let row = (30 + 10) * 40
    let sums = (0..<40).map { x in
      (0..<3).reduce(0) { $0 + Int(decoded.raster.samples[3 * (row + x) + $1]) }
    }
    #expect(sums.first == 0)
    #expect(sums == sums.sorted())
    #expect(sums.last == 255 + 250 + 190)
  }

  @Test func namesDiffer() throws {
    let image = try SoftSamples.image(SoftSamples.opaque, components: 900)
    #expect(Set(image.names).count == 900)
    #expect(image.names.allSatisfy { $0.hasPrefix("#") })
  }
}
