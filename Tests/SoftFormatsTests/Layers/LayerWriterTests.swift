import CTIFF
import Foundation
import ImageFormats
import Rasters
import Segmentation
import SoftFormats
import SystemPackage
import Testing

/// Files of layers, read by other means and put together again.
@Suite struct LayerWriterTests {
  /// The layers of a file from the bottom, red, green, blue and alpha from 0 to 255.
  private typealias Layers = [[[Int]]]

  private static func image(
    _ pixels: Pixels, _ blend: LayerBlend = .normal,
    groups: [LayerPlan.Group] = []
  ) throws -> LayerImage {
    try LayerImage(
      try SoftSamples.image(pixels, threads: 2), grouping: groups, blend: blend)
  }

  /// Put together by the definitions of blending, rounded after each layer.
  private static func expectPicture(
    _ layers: Layers, _ pixels: Pixels, _ blend: LayerBlend
  ) {
    let raster = pixels.rounded()
    let width = raster.channels.count
    for pixel in 0..<raster.size.pixelCount {
      var made = [0.0, 0, 0, 0]
      for layer in layers {
        let sample = layer[pixel].map(Double.init)
        if blend == .add {
          for d in 0..<3 { made[d] += sample[d] }
          made[3] = 255
          continue
        }
        let above = sample[3] / 255
        let below = (1 - above) * made[3] / 255
        guard above + below > 0 else { continue }
        for d in 0..<3 {
          made[d] =
            ((above * sample[d] + below * made[d]) / (above + below)).rounded()
        }
        made[3] = (255 * (above + below)).rounded()
      }
      var wanted = raster.samples[pixel * width..<(pixel + 1) * width].map {
        Double($0)
      }
      if width == 3 { wanted.append(255) }
      // Nothing has no colour.
      if wanted[3] == 0 { wanted = [0, 0, 0, 0] }
      #expect(made == wanted)
    }
  }

  private static func png(_ bytes: [UInt8]) throws -> [[Int]] {
    try SoftSamples.samples(ofPNG: bytes).map { sample in
      (sample + [1]).prefix(4).map { Int((255 * $0).rounded()) }
    }
  }

  private static let cases: [(Pixels, LayerBlend)] = [
    (SoftSamples.opaque, .normal), (SoftSamples.opaque, .add),
    (SoftSamples.translucent, .normal),
  ]

  @Test(arguments: [0, 1, 2])
  func openRasterIsThePicture(number: Int) throws {
    let (pixels, blend) = Self.cases[number]
    let image = try Self.image(pixels, blend)
    let archive = try SoftSamples.withPath("a.ora") { path in
      try LayerFormat.ora.write(image, to: path)
      return try StoredArchive(SoftSamples.bytes(path))
    }
    #expect(archive.names.first == "mimetype")
    let names = archive.names.filter { $0.hasPrefix("data/") }
    let layers = try names.map { try Self.png(archive.content($0)) }
    Self.expectPicture(layers.reversed(), pixels, blend)
    let stack = String(
      decoding: try archive.content("stack.xml"), as: UTF8.self)
    #expect(stack.contains("svg:plus") == (blend == .add))
    let merged = try Self.png(archive.content("mergedimage.png"))
    Self.expectPicture([merged], pixels, .normal)
  }

  @Test func namesOfLayersAreWrittenAsTheFormatSays() throws {
    let groups = [
      LayerPlan.Group(name: "sky & <sea> \"é\"", components: [0, 2])
    ]
    let image = try Self.image(SoftSamples.opaque, groups: groups)
    try SoftSamples.withPath("a.ora") { path in
      try LayerFormat.ora.write(image, to: path)
      let archive = try StoredArchive(SoftSamples.bytes(path))
      let stack = String(
        decoding: try archive.content("stack.xml"), as: UTF8.self)
      #expect(
        stack.contains(
          #"name="sky &amp; &lt;sea&gt; &quot;é&quot;" src="data/layer0.png""#))
    }
    try SoftSamples.withPath("a.psd") { path in
      try LayerFormat.psd.write(image, to: path)
      let file = try PhotoshopReader(SoftSamples.bytes(path))
      #expect(file.layers.last?.name == groups[0].name)
    }
  }

  @Test(arguments: [0, 1, 2], [LayerFormat.psd, .psb])
  func photoshopIsThePicture(number: Int, _ format: LayerFormat) throws {
    let (pixels, blend) = Self.cases[number]
    let image = try Self.image(pixels, blend)
    try SoftSamples.withPath("a\(format.label)") { path in
      try format.write(image, to: path)
      let file = try PhotoshopReader(SoftSamples.bytes(path))
      #expect(file.width == 40 && file.height == 30 && file.depth == 8)
      #expect(file.layers.count == image.split.plan.layers.count)
      #expect(file.layers.first?.blend == "norm")
      #expect(
        file.layers.dropFirst().allSatisfy {
          $0.blend == (blend == .add ? "lddg" : "norm")
        })
      #expect(
        file.layers.map(\.name).reversed()
          == image.split.plan.layers.map(\.name))
      Self.expectPicture(file.layers.map(\.samples), pixels, blend)
      #expect(file.hasAlpha == (pixels.channels == .rgba))
      if pixels.channels == .rgb {
        Self.expectPicture([file.merged], pixels, .normal)
      }
    }
  }

  @Test func photoshopHasSixteenBits() throws {
    let raster = SoftSamples.opaque.rounded()
    let deep = Pixels.sixteen(
      DeepRaster(
        size: raster.size, channels: .rgb,
        samples: raster.samples.enumerated().map {
          UInt16($0.element) * 250 + UInt16($0.offset % 97)
        }))
    let image = try Self.image(deep)
    try SoftSamples.withPath("a.psd") { path in
      try LayerFormat.psd.write(image, to: path)
      let file = try PhotoshopReader(SoftSamples.bytes(path))
      #expect(file.depth == 16)
      #expect(file.layers.count == 6)
      guard case .sixteen(let raster) = deep else { return }
      for (pixel, sample) in file.merged.enumerated() {
        #expect(
          Array(sample.prefix(3))
            == raster.samples[3 * pixel..<3 * pixel + 3].map { Int($0) })
      }
      // Each pixel is covered.
      for pixel in 0..<1_200 {
        #expect(file.layers.contains { $0.samples[pixel][3] == 65_535 })
      }
    }
  }

  @Test(arguments: [0, 1, 2])
  func tiffIsThePicture(number: Int) throws {
    let (pixels, blend) = Self.cases[number]
    let image = try Self.image(pixels, blend)
    try SoftSamples.withPath("a.tif") { path in
      try LayerFormat.tiff.write(image, to: path)
      let file = try #require(path.withPlatformString { TIFFOpen($0, "r") })
      defer { TIFFClose(file) }
      var layers: Layers = []
      let count = image.split.plan.layers.count
      #expect(Int(TIFFNumberOfDirectories(file)) == count)
      let width = blend == .add ? 3 : 4
      for page in 0..<count {
        #expect(TIFFSetDirectory(file, .init(page)) == 1)
        var bytes = [UInt8](repeating: 0, count: Int(TIFFStripSize(file)))
        #expect(bytes.count == 1_200 * width)
        let size = tmsize_t(bytes.count)
        #expect(TIFFReadEncodedStrip(file, 0, &bytes, size) == size)
        layers.append(
          (0..<1_200).map { pixel in
            let sample = bytes[pixel * width..<(pixel + 1) * width]
            return (sample.map { Int($0) } + [255]).prefix(4).map(\.self)
          })
      }
      Self.expectPicture(layers, pixels, blend)
    }
  }

  @Test(arguments: [0, 1, 2])
  func folderIsThePicture(number: Int) throws {
    let (pixels, blend) = Self.cases[number]
    let image = try Self.image(
      pixels, blend,
      groups: [LayerPlan.Group(name: "../a b/é", components: [1, 3])])
    try SoftSamples.withPath("layers") { folder in
      try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: true)
      try LayerFormat.folder.write(image, to: folder)
      let index = try #require(
        JSONSerialization.jsonObject(
          with: Data(SoftSamples.bytes(folder.appending("index.json"))))
          as? [String: Any])
      #expect(index["blend"] as? String == blend.rawValue)
      let entries = try #require(index["layers"] as? [[String: Any]])
      #expect(entries.count == image.split.plan.layers.count)
      #expect(entries[1]["name"] as? String == "../a b/é")
      #expect(entries[1]["components"] as? [Int] == [1, 3])
      #expect(entries[1]["file"] as? String == "1-a-b--.png")
      let layers = try entries.map { entry in
        let file = try #require(entry["file"] as? String)
        return try Self.png(SoftSamples.bytes(folder.appending(file)))
      }
      Self.expectPicture(layers.reversed(), pixels, blend)
    }
  }

  @Test func layersOfTranslucentPicturesAddUpInLightOnly() throws {
    let image = try Self.image(SoftSamples.translucent, .add)
    for format in LayerFormat.allCases where format != .exr {
      try SoftSamples.withPath("a") { path in
        #expect(throws: SoftFormatError.layersOfTransparent) {
          try format.write(image, to: path)
        }
      }
    }
    try SoftSamples.withPath("a.exr") { path in
      try LayerFormat.exr.write(image, to: path)
      #expect(try SoftSamples.bytes(path).count > 1_000)
    }
  }

  @Test(arguments: LayerFormat.allCases)
  func endingsNameFormats(format: LayerFormat) {
    for ending in ["a\(format.label.replacing("a folder", with: ""))"] {
      #expect(LayerFormat(name: ending) == format)
      #expect(LayerFormat(name: ending.uppercased()) == format)
    }
    #expect(LayerFormat(name: "a.png") == nil)
    #expect(LayerFormat(name: ".psd") == nil)
  }
}
