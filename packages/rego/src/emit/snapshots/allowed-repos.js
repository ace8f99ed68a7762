import { builtin } from "@portcullis/rego/builtins";
import { RegoSet, elements, members, notKnown, quickAny, quickContains, shown } from "@portcullis/rego/runtime";
const contains = builtin("contains");
const any = builtin("any");
const sprintf = builtin("sprintf");

function newMemo() {
  return {
    violation: notKnown,
  };
}

// query: main
function solve_main(c) {
  const solutions = [];
  query: {
    const value = violation(c);
    if (value === undefined || value === false) break query;
    solutions.push([]);
  }
  return solutions;
}

function read_main(c) {
  return violation(c);
}

// data.k8sallowedrepos.violation
function violation(c) {
  const s = c.state;
  if (c.memo.violation !== notKnown) return c.memo.violation;
  const result = new RegoSet();
  {
    const list = members(c.input?.review?.object?.spec?.containers);
    next: for (let i = 0; i < list.length; i += 1) {
      if (--s.fuel < 0) s.exhausted();
      const container = list[i];
      const satisfied = [];
      const list2 = elements(c.input?.parameters?.repos);
      next2: for (let i2 = 0; i2 < list2.length; i2 += 1) {
        if (--s.fuel < 0) s.exhausted();
        const repo = list2[i2];
        const image = container?.image;
        if (image === undefined) continue next2;
        const good = quickContains(image, repo) ?? contains(s, image, repo);
        if (good === undefined) {
          s.failedAt(0);
          continue next2;
        }
        satisfied.push(good);
      }
      not: {
        const answer = quickAny(satisfied) ?? any(s, satisfied);
        if (answer === undefined) {
          s.failedAt(1);
          break not;
        }
        if (answer === false) break not;
        continue next;
      }
      const name = container?.name;
      if (name === undefined) continue next;
      const image2 = container?.image;
      if (image2 === undefined) continue next;
      const msg = "container <" + shown(s, name, sprintf) + "> has an invalid image repo <" + shown(s, image2, sprintf) + ">";
      s.charge(msg.length >> 4);
      result.add({ "msg": msg });
    }
  }
  return (c.memo.violation = result);
}

const policy = { newMemo, entries: [{ name: "main", solve: solve_main, read: read_main }] };

export { policy };
