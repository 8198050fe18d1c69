import { describe, expect, it } from "vitest";
import { UsageError } from "../../gateway/commands/command.ts";
import { doctorCommand } from "../../gateway/commands/doctor.ts";
import { initCommand } from "../../gateway/commands/init.ts";

describe("what init does not understand", () => {
  it.each([
    ["--name x", "--name wants a public name"],
    ["--name https://gpu.example.com", "--name wants a public name"],
    ["--address gpu.example.com", "--address wants the router's own address"],
    ["--address 0.0.0.0", "--address wants the router's own address"],
    ["--address 192.168.1.2", "192.168.1.2 is reached by nobody from outside: use --tunnel."],
    ["--address 100.64.0.9", "100.64.0.9 is reached by nobody from outside"],
    ["--name a.example.com --no-name", "--name is one way"],
    ["--name a.example.com --address 203.0.113.9", "--name is one way"],
    ["--tunnel ngrok", "--tunnel wants one of cloudflared, tailscale, none."],
    ["--tunnel tailscale --address 203.0.113.9", "--address is for a door without a tunnel"],
    ["--server apache", "--server wants one of caddy, nginx."],
    ["--origin *", "--origin wants an origin such as"],
    ["--origin https://a.example --origin b.example", "--origin wants an origin such as"],
    ["--port 0", "--port wants a number from 1 to 65535."],
    ["--no-name --yes", "--no-name wants --address or --tunnel beside it."],
    ["again", "takes no argument but its options"],
  ])("%s", async (typed, sentence) => {
    const refused = initCommand.run(typed.split(" "));
    await expect(refused).rejects.toThrow(UsageError);
    await expect(initCommand.run(typed.split(" "))).rejects.toThrow(sentence);
  });
});

describe("what doctor does not understand", () => {
  it.each([
    ["--app chat.example.com", "--app wants the app's address"],
    ["--app ftp://chat.example.com", "--app wants the app's address"],
    ["--app https://me:secret@chat.example.com", "--app wants the app's address"],
    ["--fixx", "Unknown option '--fixx'."],
  ])("%s", async (typed, sentence) => {
    const refused = doctorCommand.run(typed.split(" "));
    await expect(refused).rejects.toThrow(UsageError);
    await expect(doctorCommand.run(typed.split(" "))).rejects.toThrow(sentence);
  });
});
