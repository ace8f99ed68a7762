/** What the tests of other packages may use: a driver without a language, and requests. */
export { FakeDriver, type FakeData, type FakePolicy } from "./driver/fake/fake-driver.ts";
export { fakeRequest } from "./review/fake-request.ts";
