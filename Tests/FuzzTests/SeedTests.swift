import FuzzTargets
import Testing
import _TestSupport

/// What scripts/fuzz does at length, in short: the seeds, and a few thousand
/// inputs made of them at random, the same on every run.
struct SeedTests {
  /// A target ends the process when it finds something.
  @Test(arguments: FuzzTarget.allCases)
  func seedsAndDamagedSeeds(target: FuzzTarget) {
    let seeds = FuzzSeeds.all(for: target)
    #expect(!seeds.isEmpty)
    var numbers = Generator(seed: 11)
    for seed in seeds {
      target.run(seed)
      for _ in 0..<60 {
        var damaged = seed
        for _ in 0...Int.random(in: 0..<4, using: &numbers) {
          guard !damaged.isEmpty else { break }
          let place = Int.random(in: 0..<damaged.count, using: &numbers)
          switch Int.random(in: 0..<4, using: &numbers) {
          case 0: damaged[place] = UInt8.random(in: 0...255, using: &numbers)
          case 1:
            damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
          case 2: damaged.removeSubrange(place...)
          default: damaged.insert(contentsOf: seed.prefix(place), at: place)
          }
        }
        target.run(damaged)
      }
    }
  }

  @Test(arguments: FuzzTarget.allCases)
  func nothingAtAll(target: FuzzTarget) {
    target.run([])
    target.run([0])
    target.run([UInt8](repeating: 0xff, count: 64))
    #expect(FuzzSeeds.all(for: target) == FuzzSeeds.all(for: target))
  }
}
