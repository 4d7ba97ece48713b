import Foundation
import Rasters
import SoftFormats
import Testing

@Suite struct MaskFolderWriterTests {
  private struct Index: Decodable {
    struct Component: Decodable {
      let component: Int
      let file: String
      let color: String
      let alpha: Int
      let mean: [Double]?
    }
    let components: [Component]
    let cprime: Int
    let sigma2: Double
    let width: Int
    let height: Int
    let depth: Int
  }

  @Test(arguments: [SampleDepth.eight, .sixteen], [1, 3])
  func masksAreResponsibilities(
    _ depth: SampleDepth, threads: Int
  ) throws {
    let image = try SoftSamples.image(SoftSamples.opaque, threads: threads)
    let dense = SoftSamples.dense(image)
    try SoftSamples.withPath("masks") { folder in
      try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: false)
      try MaskFolderWriter.write(image, to: folder, depth: depth)
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.string)
      #expect(names.sorted() == MaskFolderWriter.names(image).sorted())
      let index = try JSONDecoder().decode(
        Index.self,
        from: Data(SoftSamples.bytes(folder.appending("index.json"))))
      #expect(index.width == 40 && index.height == 30)
      #expect(index.cprime == 3 && index.depth == depth.rawValue)
      #expect(index.sigma2 == image.map.model.variance)
      #expect(index.components.map(\.component) == Array(0..<6))
      for entry in index.components {
        #expect(entry.color == image.colors[entry.component].color.hex)
        #expect(entry.mean == Array(image.map.model.mean(entry.component)))
        let samples = try SoftSamples.samples(
          ofPNG: SoftSamples.bytes(folder.appending(entry.file)))
        let step = depth == .eight ? 1.0 / 255 : 1.0 / 65_535
        for (pixel, shares) in dense.enumerated() {
          #expect(
            abs(samples[pixel][0] - shares[entry.component]) < 0.501 * step)
        }
      }
    }
  }

  /// JSON has no infinity: the index says null.
  @Test(arguments: [Double.infinity, -.infinity, .nan])
  func indexesAreJSONWhateverTheNumbers(_ number: Double) throws {
    let image = try SoftSamples.image(SoftSamples.translucent)
    let odd = SoftImage(image.map, freeEnergy: number)
    try SoftSamples.withPath("masks") { folder in
      try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: false)
      try MaskFolderWriter.write(odd, to: folder)
      let index = try #require(
        JSONSerialization.jsonObject(
          with: Data(SoftSamples.bytes(folder.appending("index.json"))))
          as? [String: Any])
      #expect(index["freeEnergy"] is NSNull)
      #expect(index["space"] as? String == "srgb")
      #expect((index["components"] as? [[String: Any]])?.count == 6)
    }
  }

  /// A component that is only transparency has no mean, which the index says.
  @Test func transparencyHasNoMean() throws {
    let opaque = SoftSamples.opaque.rounded()
    var samples: [UInt8] = []
    for pixel in 0..<opaque.size.pixelCount {
      samples += opaque.samples[3 * pixel..<3 * pixel + 3]
      samples.append(pixel < 100 ? 0 : 255)
    }
    let image = try SoftSamples.image(
      .eight(Raster(size: opaque.size, channels: .rgba, samples: samples)))
    try SoftSamples.withPath("masks") { folder in
      try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: false)
      try MaskFolderWriter.write(image, to: folder)
      let index = try #require(
        JSONSerialization.jsonObject(
          with: Data(SoftSamples.bytes(folder.appending("index.json"))))
          as? [String: Any])
      let components = try #require(index["components"] as? [[String: Any]])
      #expect(components.count == 7)
      #expect(components[6]["mean"] is NSNull)
      #expect(components[6]["alpha"] as? Int == 0)
      #expect((components[0]["mean"] as? [Double])?.count == 3)
    }
  }
}
