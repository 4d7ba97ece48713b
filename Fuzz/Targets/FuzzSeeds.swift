import ImageFormats
import PaletteFiles
import Quantization
import Rasters
import _TestSupport

/// Made-up inputs to begin with: sound ones of every kind, which are then
/// damaged.
public enum FuzzSeeds {
  /// The seeds of a target.
  ///
  /// - Parameter target: The target.
  /// - Returns: Short inputs; the same on every call.
  public static func all(for target: FuzzTarget) -> [[UInt8]] {
    switch target {
    case .png: pngs
    case .jpeg: jpegs
    case .tiff: tiffs
    case .webp: webps
    case .gif: gifs
    case .bmp: bmps
    case .channels: channels
    case .exif: exifs
    case .icc: profiles
    case .xmp: packets
    case .palette: palettes
    case .means: means
    case .histogram: histograms
    case .calls: calls
    }
  }

  /// One of each layout and kind of sample.
  private static let tiffs: [[UInt8]] = {
    var seeds: [[UInt8]] = []
    for (n, layout) in TIFFBuilder.Layout.allCases.enumerated() {
      for (bits, format, samples) in [
        (1, 1, 1), (8, 1, 3), (12, 1, 1), (16, 1, 4), (16, 2, 1), (32, 3, 3),
      ] {
        var builder = TIFFBuilder()
        builder.layout = layout
        builder.bits = bits
        builder.format = format
        builder.samples = samples
        builder.photometric = samples == 1 ? 1 : 2
        builder.extraSamples = samples == 4 ? [n % 3] : []
        builder.isPlanar = n == 1
        builder.isPacked = bits == 8
        builder.isBig = bits == 12
        builder.orientation = 1 + seeds.count % 8
        builder.isLittleEndian = seeds.count % 2 == 0
        seeds.append(
          builder.bytes { x, y, d in
            let value = UInt64(x * 37 + y * 11 + d * 5)
            return bits == 1 ? value & 1 : value
          })
      }
    }
    return seeds
  }()

  private static let webps: [[UInt8]] = [
    WebPFiles.lossless, WebPFiles.losslessOpaque, WebPFiles.lossy,
    WebPFiles.lossyAlpha,
    WebPFiles.extended(
      profile: [1, 2, 3],
      exif: ExifBuilder.tiff(orientation: 3, littleEndian: false),
      xmp: Array("<x/>".utf8)),
    WebPFiles.animated(frames: 3, canvas: (15, 12), left: 4, top: 2),
  ]

  private static let gifs: [[UInt8]] = [1, 3, 8].flatMap { bits in
    [false, true].map { isInterlaced in
      var builder = GIFBuilder()
      builder.bits = bits
      builder.isInterlaced = isInterlaced
      builder.hasLocalColors = bits == 3
      builder.transparent = bits == 8 ? 5 : nil
      builder.frames = bits
      builder.frame = isInterlaced ? (1, 2, 5, 4) : nil
      return builder.bytes { x, y in (x * 3 + y * 5) % (1 << bits) }
    }
  }

  private static let bmps: [[UInt8]] = {
    var seeds: [[UInt8]] = []
    for (bits, header) in [
      (1, 12), (4, 40), (8, 108), (16, 40), (24, 124), (32, 40),
    ] {
      var builder = BMPBuilder()
      (builder.bits, builder.header) = (bits, header)
      builder.isTopDown = bits == 8
      builder.profile = header == 124 ? [1, 2, 3, 4] : nil
      seeds.append(builder.bytes { x, y in (x * 37 + y * 11) % 2 })
    }
    var builder = BMPBuilder()
    (builder.bits, builder.compression, builder.header) = (32, 3, 56)
    builder.masks = [0x3ff0_0000, 0xf_fc00, 0x3ff, 0xc000_0000]
    seeds.append(builder.bytes { x, y in x * 1_234_567 + y })
    builder = BMPBuilder()
    (builder.bits, builder.compression) = (8, 1)
    seeds.append(
      builder.bytes(coded: [9, 1, 0, 0, 0, 3, 1, 2, 3, 0, 0, 2, 1, 1, 0, 1]))
    (builder.bits, builder.compression) = (4, 2)
    seeds.append(
      builder.bytes(coded: [9, 0x12, 0, 0, 0, 5, 0x12, 0x34, 0x50, 0, 0, 1]))
    return seeds
  }()

  /// Stacks with descriptions, arrays of some types, and one in an archive.
  private static let channels: [[UInt8]] = {
    var seeds: [[UInt8]] = []
    let descriptions = [
      "ImageJ=1.53t\nimages=6\nchannels=2\nslices=3\n",
      "<OME><Pixels DimensionOrder=\"XYZCT\" SizeC=\"3\" SizeZ=\"2\" SizeT=\"1\">"
        + "<Channel Name=\"a\"/><Channel Name=\"b\"/></Pixels></OME>",
    ]
    for description in descriptions {
      for (bits, format, samples) in [(8, 1, 1), (16, 2, 5), (32, 3, 2)] {
        var builder = TIFFBuilder()
        (builder.bits, builder.format) = (bits, format)
        builder.samples = samples
        builder.extraSamples = [Int](repeating: 0, count: samples - 1)
        builder.pages = 6
        builder.description = description
        builder.orientation = 1 + seeds.count
        builder.isPlanar = samples == 5
        builder.fields = [
          (33_550, 12, [1, 2, 3]), (50_838, 4, [20, 4, 4]),
          (50_839, 1, Array("IJIJlabl".utf8).map { Int($0) } + [0, 0, 0, 2]),
        ]
        seeds.append(
          builder.bytes { x, y, d in UInt64(x * 37 + y * 11 + d * 5) })
      }
    }
    var array: [UInt8] = []
    for (type, bytes) in [("|u1", 1), (">i2", 2), ("<f4", 4), ("<f8", 8)] {
      let text =
        Array(
          "{'descr': '\(type)', 'fortran_order': \(bytes == 2 ? "True" : "False"), "
            .utf8) + Array("'shape': (2, 3, 4, 2), }\n".utf8)
      array =
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count), 0] + text
        + (0..<48 * bytes).map { UInt8(truncatingIfNeeded: $0 * 7) }
      seeds.append(array)
    }
    seeds.append(archive(of: array, named: "image.npy"))
    return seeds
  }()

  /// A ZIP file with one stored member; nobody looks at its checksum.
  private static func archive(
    of file: [UInt8], named name: String
  ) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let sizes = number(file.count, 4) + number(file.count, 4)
    let rest =
      [UInt8](repeating: 0, count: 10) + number(0, 4) + sizes
      + number(name.utf8.count, 2)
    let local =
      number(0x0403_4b50, 4) + rest + number(0, 2)
      + Array(name.utf8) + file
    let central =
      number(0x0201_4b50, 4) + number(0, 2) + rest + number(0, 2)
      + number(0, 10) + number(0, 4) + Array(name.utf8)
    return local + central + number(0x0605_4b50, 4) + number(0, 4)
      + number(1, 2) + number(1, 2) + number(central.count, 4)
      + number(local.count, 4) + number(0, 2)
  }

  private static let histograms: [[UInt8]] = {
    var weighted = ColorHistogram(
      of: TestRasters.noisyGradient(width: 9, height: 7))
    let plain = weighted.bytes()
    weighted.weights = weighted.counts.map { Double($0) / 3 }
    let soft = ColorHistogram(of: TestRasters.disc(side: 8))
    return [plain, weighted.bytes(), soft.bytes()]
  }()

  /// An image, options and a result of them; points and a fit; a histogram.
  private static let calls: [[UInt8]] = [
    [0, 4, 4, 2, 0, 0, 0, 1, 3, 1, 4, 1, 0, 2, 10, 1, 1, 0, 0, 1, 1, 12, 1, 1],
    [1, 3, 2, 0, 0, 0, 1, 3, 1, 4, 1, 0, 1, 14, 1, 1, 2, 1, 15, 1, 1, 1, 0],
    [0, 4, 4, 3, 1, 0, 0, 1, 7, 1, 8, 1, 0, 1, 0, 9, 1, 0, 0, 1, 13, 1, 1, 0],
  ]

  /// A small JPEG of four inks with a profile.
  ///
  /// - Parameter profile: Its bytes; those that one segment cannot hold are
  ///   left out.
  /// - Returns: The bytes of the file.
  static func inks(_ profile: [UInt8]) -> [UInt8] {
    let payload =
      Array("ICC_PROFILE\0".utf8) + [1, 1] + profile.prefix(65_000)
    let count = payload.count + 2
    return [0xff, 0xd8, 0xff, 0xe2, UInt8(count >> 8), UInt8(count & 255)]
      + payload + inkFrame
  }

  /// One block of four components, all of mean value.
  private static let inkFrame: [UInt8] = {
    var bytes: [UInt8] = [0xff, 0xdb, 0, 67, 0]
    bytes += [UInt8](repeating: 1, count: 64)
    bytes += [0xff, 0xc0, 0, 20, 8, 0, 8, 0, 8, 4]
    for component: UInt8 in 1...4 { bytes += [component, 0x11, 0] }
    // One code of one bit, for 0: no difference, and the end of the block.
    for kind: UInt8 in [0x00, 0x10] {
      bytes += [0xff, 0xc4, 0, 20, kind, 1]
      bytes += [UInt8](repeating: 0, count: 15) + [0]
    }
    bytes += [0xff, 0xda, 0, 14, 4]
    for component: UInt8 in 1...4 { bytes += [component, 0] }
    return bytes + [0, 63, 0, 0x00, 0xff, 0xd9]
  }()

  private static let pngs: [[UInt8]] = {
    let forms = [
      (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]),
      (6, [8, 16]),
    ]
    var files: [[UInt8]] = []
    for (colorType, depths) in forms {
      for depth in depths {
        for interlaced in [false, true] {
          var builder = PNGBuilder(
            width: 9, height: 5, bitDepth: depth, colorType: colorType
          ) { (31 * $0 + 17 * $1 + 5 * $2) % (1 << min(depth, 2)) }
          builder.interlaced = interlaced
          builder.chunks = chunks(colorType)
          builder.lateChunks = [
            ("eXIf", ExifBuilder.tiff(orientation: 5, littleEndian: false))
          ]
          files.append(builder.bytes())
        }
      }
    }
    // Squeezed image data, as programs write it.
    let raster = TestRasters.noisyGradient(width: 24, height: 16)
    files += [try? PNGEncoder().encode(raster)].compactMap(\.self)
    return files
  }()

  private static func chunks(
    _ colorType: Int
  ) -> [(name: String, payload: [UInt8])] {
    var chunks: [(name: String, payload: [UInt8])] = [
      ("gAMA", bigEndian(50_000)),
      (
        "cHRM",
        [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000]
          .flatMap(bigEndian)
      ),
      ("pHYs", bigEndian(2_835) + bigEndian(2_835) + [1]),
      ("iTXt", Array("XML:com.adobe.xmp\0\0\0\0\0<x/>".utf8)),
      ("tEXt", Array("Comment\0text".utf8)),
      ("acTL", bigEndian(2) + bigEndian(0)),
      ("fcTL", [UInt8](repeating: 0, count: 26)),
      (
        "tEXt",
        Array("Raw profile type exif\0\nexif\n 8\n49492a0008000000\n".utf8)
      ),
    ]
    if colorType == 3 {
      chunks.append(("PLTE", [0, 0, 0, 255, 0, 0, 0, 255, 0, 9, 9, 9]))
      chunks.append(("tRNS", [255, 128, 0]))
    } else if colorType == 0 {
      chunks.append(("tRNS", [0, 1]))
      chunks.append(("sRGB", [0]))
    } else if colorType == 2 {
      chunks.append(("tRNS", [0, 1, 0, 1, 0, 1]))
      chunks.append(("cICP", [12, 13, 0, 1]))
    } else {
      let profile = ICCBuilder.rgb(.adobe, .gamma(2.2))
      chunks.append(
        ("iCCP", Array("icc\0\0".utf8) + PNGBuilder.stored(profile)))
    }
    return chunks
  }

  private static let jpegs: [[UInt8]] = {
    var files = [inks(ICCBuilder.cmyk { 100 - 6 * Double($0) })]
    let raster = TestRasters.noisyGradient(width: 19, height: 13)
    var annotations = Annotations()
    annotations.exif = ExifBuilder.tiff(orientation: 8, littleEndian: true)
    annotations.xmp = Array("<x tiff:Orientation=\"8\"/>".utf8)
    annotations.profile = ICCBuilder.rgb(.p3, .sRGB)
    for subsampling in ChromaSubsampling.allCases {
      var encoder = JPEGEncoder(quality: 40, subsampling: subsampling)
      encoder.optimizes = subsampling == .both
      let file = try? encoder.encode(raster, annotations: annotations)
      files += [file].compactMap(\.self)
    }
    return files
  }()

  private static let exifs: [[UInt8]] = (0...9).map {
    ExifBuilder.tiff(orientation: $0, littleEndian: $0 % 2 == 0)
  }

  private static let profiles: [[UInt8]] = [
    [1] + ICCBuilder.rgb(.adobe, .gamma(2.2)),
    [9] + ICCBuilder.rgb(.p3, .sRGB, version: 2),
    [3] + ICCBuilder.rgb(.sRGB, .gamma(1)),
    [0] + ICCBuilder.grey(.gamma(1.8)),
    [10] + ICCBuilder.grey(.sRGB),
    [7] + ICCBuilder.cmyk { 100 - 6 * Double($0) },
    [1] + ICCBuilder.profile(description: "nothing in it"),
  ]

  private static let packets: [[UInt8]] = [
    [0, 0, 0, 0] + Array("<r:D tiff:Orientation=\"6\"/>".utf8),
    [0, 0, 0, 0] + Array("<tiff:Orientation> 6 </tiff:Orientation>".utf8),
    [1, 0, 0, 0]
      + PNGBuilder.stored(Array("<r:D tiff:Orientation='3'/>".utf8)),
  ]

  private static let palettes: [[UInt8]] = {
    let colors = [
      PaletteColor(color: RGBColor(packed: 0x0180fe), name: "Blue sky"),
      PaletteColor(color: RGBColor(packed: 0xff0000)),
      PaletteColor(color: RGBColor(packed: 0x00ff00), name: "Grün"),
      PaletteColor(color: RGBColor(packed: 0x0000ff), name: "\u{36c}\u{37e}"),
    ]
    var files: [[UInt8]] = []
    for (index, format) in PaletteFormat.allCases.enumerated() {
      if let file = try? format.write(colors) {
        files.append([UInt8(index)] + file)
      }
      if format == .pal {
        let table: [UInt8] = [0, 3, 2, 0, 1, 2, 3, 0, 255, 0, 255, 0]
        files.append(
          [UInt8(index)] + Array("RIFF".utf8) + [24, 0, 0, 0]
            + Array("PAL data".utf8) + [12, 0, 0, 0] + table)
      }
      if format == .css || format == .scss {
        let text = """
          /* note */ $a: hsl(120deg 50% 25% / .5); --b: rgb(1 2 3); \
          --c: rebeccapurple; --d: oklch(50% .1 200); --e: #abcd; // end
          """
        files.append([UInt8(index)] + Array(text.utf8))
      }
      if format == .json {
        let text = """
          {"colors": [[1, 2, 3, 4], "#abcdef", "tomato",
          {"rgb": [0.0, 1e2, 255], "alpha": 0, "name": "\\u00fc"}]}
          """
        files.append([UInt8(index)] + Array(text.utf8))
      }
    }
    return files
  }()

  private static let means: [[UInt8]] = [
    "[[0, 128.5, 255], [1e1, 2, 3]]",
    "[[0, 1, 2, 128], {\"rgb\": [3, 4, 5], \"alpha\": 255}]",
    "[{\"rgb\": [3, 4, 5], \"hex\": \"#030405\"}]",
  ].map { Array($0.utf8) }
}
