"""The chat server of a first course: one caller, turn by turn, until somebody says bye."""

import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("127.0.0.1", 0))
server.listen()
print("listening on", server.getsockname()[1], flush=True)
caller, address = server.accept()
while True:
    text = caller.recv(1024).decode()
    print("client:", text, flush=True)
    if not text or text == "bye":
        break
    answer = input()
    caller.send(answer.encode())
    if answer == "bye":
        break
caller.close()
server.close()
