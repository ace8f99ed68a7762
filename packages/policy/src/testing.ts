/** What the tests of other packages may use: a driver without a language. */
export { FakeDriver, type FakeData, type FakePolicy } from "./driver/fake/fake-driver.ts";
