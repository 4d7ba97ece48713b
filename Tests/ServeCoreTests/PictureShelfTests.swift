import ImageFormats
import Rasters
import ServeCore
import Testing
import _TestSupport

@Suite struct PictureShelfTests {
  private func picture(_ limits: ServiceLimits) throws -> OpenPicture {
    try OpenPicture(
      name: "a.png",
      bytes: try PNGEncoder().encode(
        TestRasters.noisyGradient(width: 40, height: 40)), limits, threads: 1)
  }

  @Test func theOldestMakesRoom() async throws {
    var limits = ServiceLimits()
    limits.pictures = 2
    let shelf = PictureShelf(limits)
    let first = try await shelf.add(picture(limits))
    let second = try await shelf.add(picture(limits))
    _ = try await shelf.picture(first)
    let third = try await shelf.add(picture(limits))
    #expect(await shelf.count == 2)
    _ = try await shelf.picture(first)
    _ = try await shelf.picture(third)
    await #expect(throws: ServiceError.self) {
      try await shelf.picture(second)
    }
    await shelf.remove(first)
    await #expect(throws: ServiceError.self) { try await shelf.picture(first) }
    #expect(first != third)
    #expect(first.count == 32)
  }

  @Test func memoryIsBounded() async throws {
    var limits = ServiceLimits()
    let one = try picture(limits).memory
    limits.memory = 3 * one
    let shelf = PictureShelf(limits)
    for _ in 0..<9 { _ = try await shelf.add(picture(limits)) }
    #expect(await shelf.count == 3)
    #expect(await shelf.memory <= limits.memory)
    limits.memory = one - 1
    let small = PictureShelf(limits)
    let large = try picture(limits)
    await #expect(throws: ServiceError.self) { try await small.add(large) }
  }

  @Test func picturesAreForgotten() async throws {
    var limits = ServiceLimits()
    limits.keptFor = .milliseconds(50)
    let shelf = PictureShelf(limits)
    let id = try await shelf.add(picture(limits))
    await shelf.tidy()
    _ = try await shelf.picture(id)
    try await Task.sleep(for: .milliseconds(80))
    await shelf.tidy()
    #expect(await shelf.count == 0)
  }

  @Test func aPictureKeepsItsLastResults() throws {
    let limits = ServiceLimits()
    let picture = try picture(limits)
    var names: [String] = []
    for colors in 1...20 {
      let fit = try PictureFit(
        FitRequest(colors: colors), of: picture, threads: 1)
      names.append(picture.keep(fit))
    }
    #expect(Set(names).count == 20)
    #expect(throws: ServiceError.self) { try picture.fit(names[0]) }
    #expect(try picture.fit(names[19]).request.colors == 20)
  }
}
