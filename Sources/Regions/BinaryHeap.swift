/// Elements of which the least can be taken.
struct BinaryHeap<Element: Comparable> {
  private var elements: [Element]

  /// Orders some elements.
  ///
  /// - Complexity: O(elements).
  init(_ elements: [Element] = []) {
    self.elements = elements
    for place in stride(from: elements.count / 2 - 1, through: 0, by: -1) {
      sink(place)
    }
  }

  /// The least, if there is one.
  var least: Element? { elements.first }

  /// Adds an element.
  ///
  /// - Complexity: O(log elements).
  mutating func insert(_ element: Element) {
    elements.append(element)
    var place = elements.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard elements[place] < elements[parent] else { return }
      elements.swapAt(place, parent)
      place = parent
    }
  }

  /// Takes the least.
  ///
  /// - Complexity: O(log elements).
  mutating func popLeast() -> Element? {
    guard let last = elements.popLast() else { return nil }
    guard let first = elements.first else { return last }
    elements[0] = last
    sink(0)
    return first
  }

  private mutating func sink(_ start: Int) {
    var place = start
    while true {
      var least = place
      for child in 2 * place + 1..<2 * place + 3
      where child < elements.count {
        if elements[child] < elements[least] { least = child }
      }
      guard least != place else { return }
      elements.swapAt(least, place)
      place = least
    }
  }
}
