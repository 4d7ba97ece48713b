import ImageFormats
import Rasters
import ServeCore
import Testing
import _TestSupport

@Suite struct FitCurveTests {
  private func curve(_ json: String) throws -> FitCurve {
    try FitCurve(
      try FitRequest.decode(FitCurve.Request.self, from: Array(json.utf8)),
      try FitRequest.decode(FitRequest.self, from: Array(json.utf8)))
  }

  /// Where an image has four colours and noise, more than four help much less.
  @Test func theKneeIsWhereMoreHelpsLess() throws {
    let colors: [[UInt8]] = [
      [20, 20, 20], [230, 40, 40], [40, 220, 60], [50, 60, 240],
    ]
    var generator = Generator(seed: 3)
    var samples: [UInt8] = []
    for pixel in 0..<4_096 {
      samples += colors[pixel % 4].map { $0 + UInt8(generator.next() % 5) }
    }
    let raster = Raster(
      size: try #require(ImageSize(width: 64, height: 64)), channels: .rgb,
      samples: samples)
    let picture = try OpenPicture(
      name: "a.png", bytes: try PNGEncoder().encode(raster), ServiceLimits(),
      threads: 1)
    var curve = try curve(
      ##"{"colors": 4, "over": "colors", "values": [16, 1, 2, 3, 4, 6, 8, 8]}"##
    )
    #expect(curve.values == [1, 2, 3, 4, 6, 8, 16])
    var errors: [Double] = []
    for value in curve.values {
      let fit = try PictureFit(
        try curve.options(value), of: picture, threads: 1)
      errors.append(curve.add(value, fit).mse)
    }
    #expect(errors == errors.sorted(by: >))
    #expect(curve.end.knee == 4)
  }

  @Test(arguments: [
    (##"{"colors": 4, "over": "colors", "values": []}"##, "1 to 64"),
    (##"{"colors": 4, "over": "colors", "values": [300]}"##, "1 to 256"),
    (##"{"colors": 4, "over": "cprime", "values": [5]}"##, "number of colours"),
    (##"{"colors": 4, "over": "size", "values": [5]}"##, "\"over\""),
    (##"{"colors": 4, "over": "colors"}"##, "\"values\" is missing"),
  ])
  func mistakesAreNamed(json: String, message: String) {
    let error = #expect(throws: ServiceError.self) { try curve(json) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }
}
