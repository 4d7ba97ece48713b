import ImageFormats
import Quantization
import Rasters
import Segmentation
import ServeCore
import Testing
import TruncatedEM
import _TestSupport

/// Results of the server against those of the library.
@Suite struct PictureFitTests {
  private static let photo = TestRasters.noisyGradient(width: 90, height: 60)

  /// A cut-out: a photo with holes, and soft edges if they are wanted.
  private static func cutOut(soft: Bool) -> Raster {
    let size = photo.size
    var samples: [UInt8] = []
    for pixel in 0..<size.pixelCount {
      samples += photo.samples[3 * pixel..<3 * pixel + 3]
      let x = pixel % size.width
      let alpha = x < 20 ? 0 : soft && x < 24 ? 50 * (x - 19) : 255
      samples.append(UInt8(alpha))
    }
    return Raster(size: size, channels: .rgba, samples: samples)
  }

  private func open(
    _ raster: Raster, _ limits: ServiceLimits = ServiceLimits()
  ) throws -> OpenPicture {
    try OpenPicture(
      name: "photo.png", bytes: try PNGEncoder().encode(raster), limits,
      threads: 1)
  }

  private func request(_ json: String) throws -> FitRequest {
    try FitRequest.decode(FitRequest.self, from: Array(json.utf8))
  }

  @Test(arguments: [
    ##"{"colors": 8}"##, ##"{"colors": 8, "cprime": 3}"##,
    ##"{"colors": 6, "dither": "floyd-steinberg", "space": "oklab"}"##,
    ##"{"colors": 8, "importance": "auto", "balance": 0.5}"##,
    ##"{"colors": 8, "pins": ["#ff0000"], "minRegion": 20}"##,
    ##"{"palette": ["#102030", "#a0b0c0", "#ffeedd"]}"##,
  ])
  func labelsAreThoseOfTheLibrary(json: String) throws {
    let request = try request(json)
    for raster in [
      Self.photo, Self.cutOut(soft: false), Self.cutOut(soft: true),
    ] {
      let picture = try open(raster)
      let fit = try PictureFit(request, of: picture, threads: 2)
      let options = try request.options(threads: 1).quantizer
      let image = try Quantizer(options).quantize(.eight(raster))
      guard case .indexed(let indexed) = image.mapped else {
        Issue.record("not indexed")
        return
      }
      #expect(fit.labels == indexed.indices)
      #expect(fit.size == (raster.size.width, raster.size.height))
    }
  }

  /// Responsibilities of all entries add up to all of every pixel, and a pixel's are
  /// those of the masks.
  @Test(arguments: [1, 3, 8]) func masksAddUp(cprime: Int) throws {
    for raster in [Self.photo, Self.cutOut(soft: true)] {
      let picture = try open(raster)
      var request = FitRequest(colors: 8)
      request.cprime = cprime
      let fit = try PictureFit(request, of: picture, threads: 1)
      let masks = try (0..<8).map { try fit.mask(ofEntry: $0, threads: 2) }
      for pixel in stride(from: 0, to: raster.size.pixelCount, by: 41) {
        let sum = masks.reduce(0) { $0 + Int($1[pixel]) }
        #expect(abs(sum - 255) <= 4, "\(sum)")
        let answer = try fit.pixel(
          x: pixel % raster.size.width, y: pixel / raster.size.width,
          of: picture, threads: 1)
        #expect(answer.label == Int(fit.labels[pixel]))
        for share in answer.responsibilities {
          guard let entry = share.entry else { continue }
          #expect(
            abs(Double(masks[entry][pixel]) - 255 * share.share) <= 0.51)
        }
      }
      let (levels, most) = try fit.uncertainty(threads: 1)
      #expect(levels.count == raster.size.pixelCount)
      #expect((most == 0) == (cprime == 1))
      #expect(levels.contains { $0 > 0 } == (cprime > 1))
    }
    #expect(throws: ServiceError.self) {
      let picture = try open(Self.photo)
      let fit = try PictureFit(FitRequest(colors: 4), of: picture, threads: 1)
      _ = try fit.mask(ofEntry: 4, threads: 1)
    }
  }

  /// Large pictures have a reduced one, also where its edges have alphas that the
  /// picture has not, and everything can be asked of it.
  @Test func largePicturesAreReduced() throws {
    for alpha in [false, true] {
      let side = 1_100
      var samples: [UInt8] = []
      for pixel in 0..<side * side {
        let (x, y) = (pixel % side, pixel / side)
        samples += [UInt8(x / 5), UInt8(y / 5), UInt8((x ^ y) & 63)]
        if alpha { samples.append((x + y) % 7 == 0 ? 0 : 255) }
      }
      let raster = Raster(
        size: try #require(ImageSize(width: side, height: side)),
        channels: alpha ? .rgba : .rgb, samples: samples)
      let picture = try open(raster)
      #expect(picture.facts.reduction == 2)
      var request = FitRequest(colors: 9)
      request.cprime = 3
      request.effort = 1
      request.reduced = true
      let fit = try PictureFit(request, of: picture, threads: 2)
      #expect(fit.size == (550, 550))
      #expect(fit.labels.count == 550 * 550)
      #expect(try fit.mask(ofEntry: 2, threads: 2).count == 550 * 550)
      #expect(try fit.uncertainty(threads: 2).levels.count == 550 * 550)
      let reduced = try picture.raster(reduced: true)
      #expect(reduced.size.width == 550)
      #expect(reduced.rgba(0..<550).count == 2_200)
      _ = try fit.pixel(x: 1_099, y: 1_099, of: picture, threads: 1)
      #expect(throws: ServiceError.self) {
        try fit.pixel(x: 1_100, y: 0, of: picture, threads: 1)
      }
    }
  }

  @Test func recoloringIsThatOfTheLibrary() throws {
    let picture = try open(Self.photo)
    var request = FitRequest(colors: 6)
    request.cprime = 2
    let fit = try PictureFit(request, of: picture, threads: 1)
    let moves = try FitRequest.decode(
      RecolorRequest.self,
      from: Array(##"{"moves": [{"entry": 0, "to": "#00ff00"}]}"##.utf8))
    let recolored = try fit.recolored(moves, of: picture, threads: 1)
    let samples = recolored.rgba(0..<recolored.size.pixelCount)
    let from = try #require(fit.colors.first)
    var options = try request.options(threads: 1).quantizer
    options.pinned = [from]
    let fitted = try Quantizer(options).palette(of: .eight(Self.photo))
    let move = ColorMove(from: from, to: RGBColor(red: 0, green: 255, blue: 0))
    let expected = try Recoloring(
      Recoloring.targets(of: [move], fitted, shades: 20), fitted, isDeep: false
    ).applied(to: .eight(Self.photo)).rounded()
    for pixel in 0..<Self.photo.size.pixelCount {
      #expect(
        Array(samples[4 * pixel..<4 * pixel + 3])
          == Array(expected.samples[3 * pixel..<3 * pixel + 3]))
    }
  }

  @Test func filesThatAreNoPicturesAreRefused() throws {
    for bytes in [[], Array("text".utf8), [0x89, 0x50, 0x4e, 0x47]] as [[UInt8]]
    {
      let error = #expect(throws: ServiceError.self) {
        try OpenPicture(
          name: "a", bytes: bytes, ServiceLimits(), threads: 1)
      }
      #expect(error?.status == 422)
    }
    var limits = ServiceLimits()
    limits.pixels = 100
    let error = #expect(throws: ServiceError.self) {
      try open(Self.photo, limits)
    }
    #expect(error?.status == 422)
  }

  @Test func namesAreThoseOfFiles() throws {
    let bytes = try PNGEncoder().encode(Self.photo)
    for (name, expected) in [
      ("photo.png", "photo.png"), ("../../etc/passwd", "passwd"),
      (#"C:\a\b.png"#, "b.png"), ("-rf", "rf"), (".hidden", "hidden"),
      ("", "picture"), ("a\nb\u{202e}c", "abc"), ("/", "picture"),
      ("ß ü.png", "ß ü.png"),
      (
        String(repeating: "写", count: 90) + ".jpeg",
        String(repeating: "写", count: 51) + ".jpeg"
      ),
    ] {
      let picture = try OpenPicture(
        name: name, bytes: bytes, ServiceLimits(), threads: 1)
      #expect(picture.name == expected)
    }
  }
}
