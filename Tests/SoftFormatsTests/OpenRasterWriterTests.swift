import Foundation
import ImageFormats
import Rasters
import SoftFormats
import Testing

@Suite struct OpenRasterWriterTests {
  private static func archive(
    _ image: SoftImage, _ depth: SampleDepth
  ) throws -> StoredArchive {
    try SoftSamples.withPath("a.ora") { path in
      try OpenRasterWriter.write(image, to: path, depth: depth)
      return try StoredArchive(SoftSamples.bytes(path))
    }
  }

  @Test(arguments: [false, true], [SampleDepth.eight, .sixteen])
  func layersFlattenToTheSoftPicture(
    hasAlpha: Bool, _ depth: SampleDepth
  ) throws {
    let image = try SoftSamples.image(
      hasAlpha ? SoftSamples.translucent : SoftSamples.opaque)
    let archive = try Self.archive(image, depth)
    var flat = [SIMD4<Double>](repeating: .zero, count: 1_200)
    for c in (0..<6).reversed() {
      let layer = try SoftSamples.samples(
        ofPNG: archive.content("data/layer\(c).png"))
      for (pixel, samples) in layer.enumerated() {
        let alpha = samples.count == 4 ? samples[3] : 1
        let color = SIMD4(
          samples[0] * alpha, samples[1] * alpha, samples[2] * alpha, alpha)
        flat[pixel] = color + flat[pixel] * (1 - alpha)
      }
    }
    // Half a step of each layer's alpha at most, made good by those below.
    let most = depth == .eight ? 2.0 / 255 : 2.0 / 65_535
    for (pixel, shares) in SoftSamples.dense(image).enumerated() {
      var wanted = SIMD4<Double>.zero
      for (share, entry) in zip(shares, image.colors) {
        let alpha = Double(entry.alpha) / 255
        guard alpha > 0 else { continue }
        // Layers of 16 bits have colours of 16 bits.
        let color =
          depth == .sixteen
          ? entry.premultiplied / entry.premultiplied.w
          : SIMD4(
            Double(entry.color.red), Double(entry.color.green),
            Double(entry.color.blue), 255) / 255
        wanted += share * alpha * color
      }
      for d in 0..<4 { #expect(abs(flat[pixel][d] - wanted[d]) < most) }
    }
    let merged = try SoftSamples.samples(
      ofPNG: archive.content("mergedimage.png"))
    for (pixel, samples) in merged.enumerated() {
      let alpha = samples.count == 4 ? samples[3] : 1
      for d in 0..<3 {
        #expect(abs(flat[pixel][d] - samples[d] * alpha) < most)
      }
      #expect(abs(flat[pixel][3] - alpha) < most)
    }
  }

  @Test func isLaidOutAsTheFormatSays() throws {
    let image = try SoftSamples.image(SoftSamples.opaque)
    let archive = try Self.archive(image, .eight)
    #expect(archive.names.first == "mimetype")
    #expect(
      try archive.content("mimetype") == Array("image/openraster".utf8))
    let stack = String(
      decoding: try archive.content("stack.xml"), as: UTF8.self)
    #expect(stack.contains(#"w="40" h="30""#))
    for (c, name) in image.names.enumerated() {
      #expect(
        stack.contains(#"name="\#(name)" src="data/layer\#(c).png""#))
    }
    let merged = try ImageDecoder.decode(archive.content("mergedimage.png"))
    #expect(merged.raster.size.width == 40)
    let thumbnail = try ImageDecoder.decode(
      archive.content("Thumbnails/thumbnail.png"))
    #expect(thumbnail.raster.size == merged.raster.size)
  }
}
